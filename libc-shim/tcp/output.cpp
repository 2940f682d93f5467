// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP: the output half of a connection: sending.
#include <string.h>
#include <sys/socket.h>

#include "tcp/socket.h"
#include "wait/settle.h"

namespace posix_sockets {
namespace tcp {
namespace {

// At most this much in one write. A longer one would have to be gathered in more memory.
constexpr size_t largest_write = 65536;

}  // namespace

void Connected::end_output(Errno why) {
  output.ended = true;
  fast.gathered.look_at_next();
  socket.tell_change();
  if (!why.ok()) latch_error(why);
  if (!socket.send_shut_) take_in_end();  // in the kernel it was there before
}

host::StreamResult Connected::check_room() {
  host::StreamResult room = asked_.connection == this ? asked_.room : host.room();
  asked_.connection = nullptr;
  if (!room.over && room.count == 0) {
    // Some hosts notice that their own writing is done only when the source is looked at; and that a connection is writable,
    // which a new one always is, only some time after it was made.
    const Settling reason = output.was_writable && !peer.room_underway ? Settling::look : Settling::first_room;
    output.was_writable = true;
    peer.room_underway = false;
    if (!settle(reason, host.writable())) return room;
    room = host.room();
    if (room.count != 0) output.may_be_writing = false;
    return room;
  }
  output.was_writable = true;
  output.may_be_writing = false;
  return room;
}

size_t Connected::find_room() {
  const host::StreamResult room = check_room();
  if (room.over) end_output(room.error);
  return room.over ? 0 : room.count;
}

host::StreamResult Connected::write_host(const void* data, size_t size) {
  output.may_be_writing = input.just_wrote = true;
  ++write_count_;
  if (asked_.connection == this) asked_.connection = nullptr;
  const host::StreamResult written = host.write(data, size);
  output.last_write = static_cast<uint32_t>(written.count);
  if (written.count != 0) tell_peer(PeerEvent::sent, output.last_write);
  return written;
}

size_t Connected::send_plain(const void* data, size_t size) {
  if (!host::room_is_promised) return 0;  // all of it, or nothing
  const bool gathers = socket.options.is_on(Stored::cork) || socket.options.is_on(Stored::no_delay);
  if (socket.send_is_over() || !socket.pending_error_.ok() || gathers || peer.is_deaf || size > largest_write) return 0;
  const host::StreamResult room = host.room();
  if (room.over || room.count < size) {
    asked_ = {this, room};
    return 0;
  }
  output.was_writable = true;
  socket.saw_room();
  const host::StreamResult written = write_host(data, size);
  if (written.over) {
    end_output(written.error);  // send() says it
    return 0;
  }
  output.sent_after_end = !input.is_open();
  return size;
}

Result<size_t> Connected::send(SendRequest& request, size_t room) {
  if (fast.gathered.size != 0) return send_behind_gathered(request, room);
  size_t size = request.size < largest_write ? request.size : largest_write;
  if (size > room) size = room;
  iovec piece = first_piece(request.buffers);
  if (piece.iov_len < size) {
    // Several pieces go out as one write: one host call, and one segment where Nagle would have made two.
    uint8_t* joined = scratch(size);
    if (joined != nullptr) {
      gather(request.buffers, joined, size);
      piece = {joined, size};
    } else {
      size = piece.iov_len;
    }
  }
  const host::StreamResult written = write_host(piece.iov_base, size);
  if (written.over) return fail_send(written.error);
  if (written.count == 0) return Errno(EAGAIN);
  output.sent_after_end = !input.is_open();
  return written.count;
}

Errno Connected::fail_send(Errno why) {
  end_output(why);
  return socket.tell_error_or(EPIPE);
}

// What is held back and what is sent now leave as one write, as far as the host takes them.
Result<size_t> Connected::send_behind_gathered(SendRequest& request, size_t room) {
  const size_t held = fast.gathered.size;
  size_t size = held + request.size;
  if (size > largest_write) size = largest_write;
  if (size > room) size = room;
  if (size <= held) {
    flush();
    return Errno(EAGAIN);  // there is room for these alone
  }
  uint8_t* joined = size <= GatheredOutput::capacity ? fast.gathered.memory : scratch(size);
  if (joined == nullptr) {
    flush();
    return fast.gathered.size == 0 ? socket.send(request) : Result<size_t>(Errno(ENOMEM));
  }
  const size_t fresh = size - held;
  if (joined != fast.gathered.memory) memcpy(joined, fast.gathered.memory, held);
  gather(request.buffers, joined + held, fresh);
  const host::StreamResult written = write_host(joined, size);
  if (!written.over && written.count <= held) {
    fast.gathered.take_from_front(written.count);
    return Errno(EAGAIN);
  }
  drop_gathered();
  if (written.over) return fail_send(written.error);
  output.sent_after_end = !input.is_open();
  return written.count - held;
}

// The end follows what is held back; drop_gathered() sends it when that has gone.
void Connected::end_sending() {
  if (socket.send_shut_) return;
  socket.send_shut_ = true;
  fast.gathered.look_at_next();
  flush();
  if (fast.gathered.size != 0) {
    gatherer.end_follows = true;
  } else {
    send_end();
  }
}

void Connected::send_end() {
  host.end_sending();
  tell_peer(PeerEvent::sent_end);
}

bool Connected::has_unsent() {
  if (output.ended) return false;
  flush();
  if (fast.gathered.size != 0) return true;
  if (!output.may_be_writing) return false;
  const host::StreamResult room = check_room();
  // Over: delivered, after shutdown(send), or lost with the connection.
  return !room.over && room.count == 0;
}

// Of what the host has in hand it tells only whether it is done.
size_t Connected::unsent_bytes() {
  if (output.ended) return 0;
  const host::StreamResult room = check_room();
  const bool busy = !room.over && room.count == 0;
  return fast.gathered.size + (busy ? output.last_write : 0);
}

}  // namespace tcp

size_t TcpSocket::send_plain(const void* data, size_t size) {
  tcp::Connected* connected = state_.as<tcp::Connected>();
  return connected != nullptr ? connected->send_plain(data, size) : 0;
}

Result<size_t> TcpSocket::send(SendRequest& request) {
  progress();
  tcp::Connected* connected = state_.as<tcp::Connected>();
  // What really sends is told by the host.
  if (connected != nullptr && (request.size == 0 || send_shut_)) (void)connected->turns_out_over();
  Writable now = writable(nullptr);
  if (now != Writable::room) return why_not(now);
  const bool leaves = (request.flags & MSG_MORE) == 0 && !options.is_on(Stored::cork);
  if (request.size == 0) {
    if (leaves) connected->flush();
    return size_t{0};
  }
  if (connected->peer.is_deaf && leaves && tcp::late.listen->send_into_reset(*this)) return request.size;
  const bool gathers = connected->gathers(request);
  if (gathers) connected->prepare_to_gather(request);
  // Who gathers asks for room only if the host may be short of it.
  size_t room = 0;
  now = writable(!gathers || connected->output.may_be_writing ? &room : nullptr);
  if (now == Writable::room && gathers) {
    if (room != 0) connected->keep_room(room);
    if (connected->hold_back(request)) return request.size;
    if (room == 0) now = writable(&room);
  }
  return now == Writable::room ? connected->send(request, room) : Result<size_t>(why_not(now));
}

Errno TcpSocket::why_not(Writable now) { return now == Writable::not_yet ? Errno(EAGAIN) : tell_error_or(EPIPE); }

Result<int> TcpSocket::tcp_unsent_bytes() {
  progress();
  if (is_listening()) return Errno(EINVAL);
  tcp::Connected* connected = state_.as<tcp::Connected>();
  return connected != nullptr ? static_cast<int>(connected->unsent_bytes()) : 0;
}

}  // namespace posix_sockets
