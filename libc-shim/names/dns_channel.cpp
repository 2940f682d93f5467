// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "names/dns_channel.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "names/numeric.h"
#include "wait/poll_set.h"
#include "wit-bindings/host.h"

namespace posix_sockets::dns {
namespace {

constexpr uint64_t pause_ns = 5000000;
constexpr size_t most_at_once = 32768;
constexpr int gave_up = INT_MAX;

// Where a datagram goes.
struct Room {
  uint8_t* data;
  size_t size;
  size_t taken;
};

void take(void* context, const uint8_t* data, size_t size, const SocketAddress& /*source*/) {
  Room& room = *static_cast<Room*>(context);
  room.taken = size < room.size ? size : room.size;
  memcpy(room.data, data, room.taken);
}

}  // namespace

Deadline in_seconds(int seconds) { return Deadline::after(host::now(), static_cast<uint64_t>(seconds) * 1000000000); }

Channel::Channel(const SocketAddress& server, Transport transport, Deadline deadline)
    : transport_(transport), deadline_(deadline) {
  // IPv6 sockets of the host don't know mapped addresses.
  const SocketAddress plain = server.is_ipv4_mapped() ? from_mapped(server) : server;
  if (transport == Transport::datagram) {
    open_datagrams(plain);
  } else {
    connect(plain);
  }
}

Channel::~Channel() { free(buffer_); }

void Channel::open_datagrams(const SocketAddress& server) {
  buffer_ = malloc(host::DatagramSocket::receive_room);
  if (buffer_ == nullptr) return fail(ENOMEM);
  Result<host::DatagramSocket> socket = host::DatagramSocket::create(server.family);
  if (!socket.ok()) return fail(socket.error());
  datagrams_ = static_cast<host::DatagramSocket&&>(socket.value());
  Errno error = datagrams_.bind(SocketAddress::any(server.family));
  if (error.ok()) error = datagrams_.connect(&server);
  if (!error.ok()) fail(error);
}

void Channel::connect(const SocketAddress& server) {
  Result<host::TcpSocket> socket = host::TcpSocket::create(server.family);
  if (!socket.ok()) return fail(socket.error());
  Result<host::Connecting> attempt = socket.value().connect(server);
  if (!attempt.ok()) return fail(attempt.error());
  for (;;) {
    Result<host::Connection> connection = attempt.value().finish();
    if (connection.ok()) {
      connection_ = static_cast<host::Connection&&>(connection.value());
      return;
    }
    if (!(connection.error() == EAGAIN)) return fail(connection.error());
    if (!wait(attempt.value().finished())) return fail(ETIMEDOUT);
  }
}

size_t Channel::send_datagram(const uint8_t* data, size_t size) {
  const host::OutgoingDatagram datagram = {data, size, nullptr};
  while (usable_) {
    const Result<size_t> sent = datagrams_.send(&datagram, 1);
    if (sent.ok()) return size;
    if (!(sent.error() == EAGAIN)) {
      fail(sent.error());
    } else if (!wait(datagrams_.writable())) {
      break;
    }
  }
  return 0;
}

// How many bytes were taken; 0: none, and nothing more will be.
size_t Channel::send_some(const uint8_t* data, size_t size) {
  asked_ = data;
  asked_size_ = size;
  if (transport_ == Transport::datagram) return send_datagram(data, size);
  while (usable_) {
    const host::StreamResult written = connection_.write(data, size < most_at_once ? size : most_at_once);
    if (written.count != 0) return written.count;
    if (written.over) {
      fail(ECONNRESET);
    } else if (!wait(connection_.writable())) {
      break;
    }
  }
  return 0;
}

bool Channel::send_all(const uint8_t* data, size_t size) {
  while (size != 0) {
    const size_t sent = send_some(data, size);
    if (sent == 0) return false;
    data += sent;
    size -= sent;
  }
  return true;
}

size_t Channel::receive_datagram(uint8_t* data, size_t room, int& waits) {
  Room place = {data, room, 0};
  const Result<size_t> count = datagrams_.receive(buffer_, 1, take, &place);
  if (count.ok()) return place.taken;
  if (!(count.error() == EAGAIN)) {
    fail(count.error());
  } else if (!wait(datagrams_.readable()) || (++waits > 2 && !ask_again(waits))) {
    waits = gave_up;
  }
  return 0;
}

size_t Channel::receive_bytes(uint8_t* data, size_t room, int& waits) {
  const host::StreamResult result = connection_.read(data, room < most_at_once ? room : most_at_once);
  if (result.count != 0) return result.count;
  if (result.over) {
    fail(ECONNRESET);
  } else if (!wait(connection_.readable())) {
    waits = gave_up;
  }
  return 0;
}

size_t Channel::receive(uint8_t* data, size_t room) {
  int waits = 0;
  while (usable_ && waits != gave_up) {
    const size_t received =
        transport_ == Transport::datagram ? receive_datagram(data, room, waits) : receive_bytes(data, room, waits);
    if (received != 0) return received;
  }
  return 0;
}

bool Channel::receive_all(uint8_t* data, size_t size) {
  while (size != 0) {
    const size_t got = receive(data, size);
    if (got == 0) return false;
    data += got;
    size -= got;
  }
  return true;
}

// Ready, and yet nothing is there: a host may show the ICMP answer that nobody listens in this way alone, until something is
// sent. Another host's pollable is just always ready, so that there is but to look now and then.
bool Channel::ask_again(int waits) {
  if (waits == 3 && send_some(asked_, asked_size_) == 0) return false;
  const uint64_t now = host::now();
  if (now >= deadline_.instant) return false;
  const Deadline soon = Deadline::after(now, pause_ns);
  PollSet nothing;
  const Errno error = nothing.wait(soon.instant < deadline_.instant ? soon : deadline_);
  return error.ok() || error.value() == ETIMEDOUT || error.value() == EINTR;
}

bool Channel::in_time() const { return host::now() < deadline_.instant; }

bool Channel::wait(const host::Source& source) {
  for (;;) {
    const Errno error = wait_for(source, deadline_);
    if (error.ok()) return true;
    if (error == EINTR) continue;
    if (!(error == ETIMEDOUT)) fail(error);
    return false;
  }
}

void Channel::fail(Errno error) {
  usable_ = false;
  errno = error.value();
  if (error == EACCES || error == EMFILE || error == ENFILE || error == ENOMEM || error == ENOBUFS)
    own_error_ = error.value();
}

}  // namespace posix_sockets::dns
