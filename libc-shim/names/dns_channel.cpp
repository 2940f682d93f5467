// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "names/dns_channel.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "names/numeric.h"
#include "support/errno_of.h"
#include "wait/poll_set.h"
#include "wit-bindings/host.h"

namespace posix_sockets::dns {
namespace {

constexpr uint64_t pause_ns = 5000000;
constexpr size_t most_at_once = 32768;  // a stream takes 64 KiB at most

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
  buffer_ = malloc(wasi::IncomingDatagramStream::receive_room);
  if (buffer_ == nullptr) return fail(ENOMEM);
  wasi::Result<wasi::UdpSocket> socket = wasi::UdpSocket::create(server.family);
  if (!socket.ok()) return fail(socket.error());
  udp_ = static_cast<wasi::UdpSocket&&>(socket.value());
  wasi::Result<wasi::Unit> bound = udp_.start_bind(SocketAddress::any(server.family));
  if (bound.ok()) bound = udp_.finish_bind();
  if (!bound.ok()) return fail(bound.error());
  wasi::Result<wasi::DatagramStreams> streams = udp_.stream(&server);
  if (!streams.ok()) return fail(streams.error());
  datagrams_ = static_cast<wasi::DatagramStreams&&>(streams.value());
}

void Channel::connect(const SocketAddress& server) {
  wasi::Result<wasi::TcpSocket> socket = wasi::TcpSocket::create(server.family);
  if (!socket.ok()) return fail(socket.error());
  tcp_ = static_cast<wasi::TcpSocket&&>(socket.value());
  const wasi::Result<wasi::Unit> started = tcp_.start_connect(server);
  if (!started.ok()) return fail(started.error());
  for (;;) {
    wasi::Result<wasi::TcpStreams> streams = tcp_.finish_connect();
    if (streams.ok()) {
      streams_ = static_cast<wasi::TcpStreams&&>(streams.value());
      return;
    }
    if (streams.error() != wasi::ErrorCode::would_block) return fail(streams.error());
    if (!wait(tcp_.subscribe())) return fail(ETIMEDOUT);
  }
}

// How many bytes were taken; 0: none, and nothing more will be.
size_t Channel::send_some(const uint8_t* data, size_t size) {
  asked_ = data;
  asked_size_ = size;
  while (usable_) {
    if (transport_ == Transport::datagram) {
      const wasi::Result<uint64_t> permit = datagrams_.outgoing.check_send();
      const wasi::OutgoingDatagram datagram = {data, size, nullptr};
      const wasi::Result<size_t> sent =
          permit.ok() && permit.value() != 0 ? datagrams_.outgoing.send(&datagram, 1) : wasi::Result<size_t>(size_t{0});
      if (!permit.ok()) fail(permit.error());
      if (!sent.ok()) fail(sent.error());
      if (sent.ok() && sent.value() != 0) return size;
      if (usable_ && !wait(datagrams_.outgoing.subscribe())) return 0;
    } else {
      const wasi::StreamResult permit = streams_.output.check_write();
      size_t count = size < most_at_once ? size : most_at_once;
      if (permit.value < count) count = static_cast<size_t>(permit.value);
      if (permit.status != wasi::StreamStatus::ok) {
        fail(ECONNRESET);
      } else if (count == 0) {
        if (!wait(streams_.output.subscribe())) return 0;
      } else if (streams_.output.write(data, count) == wasi::StreamStatus::ok) {
        return count;
      } else {
        fail(ECONNRESET);
      }
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

size_t Channel::receive(uint8_t* data, size_t room) {
  int waits = 0;
  while (usable_) {
    if (transport_ == Transport::datagram) {
      Room place = {data, room, 0};
      const wasi::Result<size_t> count = datagrams_.incoming.receive(buffer_, 1, take, &place);
      if (!count.ok()) {
        fail(count.error());
      } else if (count.value() != 0) {
        return place.taken;
      } else if (!wait(datagrams_.incoming.subscribe()) || (++waits > 2 && !ask_again(waits))) {
        return 0;
      }
    } else {
      const wasi::StreamResult result = streams_.input.read(data, room < most_at_once ? room : most_at_once);
      if (result.status != wasi::StreamStatus::ok) {
        fail(ECONNRESET);
      } else if (result.value != 0) {
        return static_cast<size_t>(result.value);
      } else if (!wait(streams_.input.subscribe())) {
        return 0;
      }
    }
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

bool Channel::wait(const wasi::Pollable& pollable) {
  for (;;) {
    const Errno error = wait_for(pollable, deadline_);
    if (error.ok()) return true;
    if (error.value() == EINTR) continue;
    if (error.value() != ETIMEDOUT) fail(error.value());
    return false;
  }
}

void Channel::fail(int error) {
  usable_ = false;
  errno = error;
  if (error == EACCES || error == EMFILE || error == ENFILE || error == ENOMEM || error == ENOBUFS) own_error_ = error;
}

void Channel::fail(wasi::ErrorCode code) { fail(errno_of(code).value()); }

}  // namespace posix_sockets::dns
