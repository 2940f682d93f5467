// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP: the input half of a connection: reading of the host, with read-ahead.
#include <sys/socket.h>

#include "tcp/socket.h"
#include "wait/settle.h"

namespace posix_sockets {
namespace tcp {
namespace {

// How far MSG_PEEK and FIONREAD look ahead at the most.
constexpr size_t peek_limit = 1 << 20;

size_t smaller(size_t one, size_t other) { return one < other ? one : other; }

}  // namespace

void Connected::end_input(Errno why) {
  input.end = Input::End::failed;
  fast.gathered.look_at_next();
  if (!peer.end_underway) socket.tell_change();
  if (!why.ok()) latch_error(why);
  if (fate.latched) return;
  if (output.may_be_writing && !socket.send_shut_ && !output.ended) {
    // What the host was writing may have been told of a reset, which from here looks like the end then.
    const host::StreamResult writing = check_room();
    if (writing.over && !writing.error.ok()) latch_error(writing.error);
    if (fate.latched && !(writing.error == EPIPE)) return;
  }
  input.end = Input::End::in_order;
  socket.options.set_value(Stored::quick_ack, -1);  // below its default of 1: the kernel takes it back
}

host::StreamResult Connected::read_host(void* room, size_t size) {
  host::StreamResult result = host.read(room, size);
  if (peer.underway != 0 && !result.over && result.count == 0 && late.listen->await_arrival(*this))
    result = host.read(room, size);
  if (result.over) {
    end_input(result.error);
    return result;
  }
  input.just_wrote = false;
  input.last_read_full = result.count == size;
  // A short look that came back full says nothing about how much there is.
  if (size > Input::least_read || (result.count != 0 && !input.last_read_full))
    input.reads_much = result.count >= Input::small_read;
  input.owes_empty_read = result.count != 0;
  if (result.count != 0) hear();
  peer.arrival_counted = peer.underway >= result.count;
  peer.underway -= result.count < peer.underway ? static_cast<uint32_t>(result.count) : peer.underway;
  if (!input.last_read_full) tell_peer(PeerEvent::took_all);
  return result;
}

Errno Connected::fill(size_t size) {
  if (!input.is_open()) return EAGAIN;
  uint8_t* room = fast.ahead.reserve(size);
  if (room == nullptr) return ENOMEM;
  const host::StreamResult result = read_host(room, size);
  input.read_at = moment();
  if (result.over || result.count == 0) {
    fast.ahead.consume(0);  // gives empty memory back
    return EAGAIN;
  }
  fast.ahead.append(result.count);
  if (!peer.arrival_counted) socket.tell_input();
  return success;
}

// Reads once: straight into the caller's memory where that is large, with no copy in the guest; else into the buffer. Where much
// comes one large read and copies beat several direct ones. How much was read directly; EAGAIN: nothing is there.
Result<size_t> Connected::read_for(const ReceiveRequest& request, const Buffers& rest, size_t left) {
  const bool copies = (request.flags & MSG_TRUNC) != 0 || (input.reads_much && request.size < Input::large_read);
  const iovec piece = copies || left < Input::small_read ? iovec{} : first_piece(rest);
  const size_t most = input.just_wrote ? Input::least_read : input.next_read();
  if (piece.iov_len < Input::small_read) {
    const Errno error = fill(most);
    if (error == EAGAIN && left != request.size) input.owes_empty_read = true;  // still one to ask first when it polls
    return error.ok() ? Result<size_t>(size_t{0}) : Result<size_t>(error);
  }
  const host::StreamResult result = read_host(piece.iov_base, smaller(smaller(piece.iov_len, left), most));
  return result.over || result.count == 0 ? Result<size_t>(Errno(EAGAIN)) : Result<size_t>(result.count);
}

Result<size_t> Connected::take(ReceiveRequest& request) {
  const bool discards = (request.flags & MSG_TRUNC) != 0;
  Buffers rest = request.buffers;
  size_t done = 0;
  // What was read ahead just now is all there is. Behind older data the host is asked, as the kernel would give all that has
  // arrived in one.
  bool host_may_have_more = fast.ahead.empty() || input.last_read_full || input.read_at != moment();
  while (done < request.size) {
    size_t size = fast.ahead.size();
    if (size == 0) {
      if (!input.is_open() || !host_may_have_more) break;
      const Result<size_t> read = read_for(request, rest, request.size - done);
      if (!read.ok()) {
        if (done != 0) break;
        return read.error() == EAGAIN ? Result<size_t>(size_t{0}) : read;
      }
      host_may_have_more = input.last_read_full;
      size = read.value();
    } else {
      size = smaller(request.size - done, size);
      if (!discards) scatter(rest, fast.ahead.data(), size);
      fast.ahead.consume(size);
    }
    done += size;
    rest.offset += size;
  }
  return done;
}

Result<size_t> Connected::peek(ReceiveRequest& request) {
  const size_t wanted = smaller(request.size, peek_limit);
  while (fast.ahead.size() < wanted || fast.ahead.empty()) {
    const Errno error = fill(input.next_read());
    if (error == EAGAIN) break;
    if (!error.ok()) return error;
  }
  const bool may_come = input.is_open() && !socket.receive_shut_;
  if ((request.flags & MSG_WAITALL) != 0 && fast.ahead.size() < wanted && may_come) return Errno(EAGAIN);
  return copy_unread(fast.ahead, request);
}

Result<size_t> Connected::receive(ReceiveRequest& request) {
  if ((request.flags & MSG_PEEK) != 0) return peek(request);
  if (request.size == 0) {
    const Errno error = fast.ahead.empty() ? fill(input.just_wrote ? Input::least_read : input.next_read()) : success;
    return error.ok() || error == EAGAIN ? Result<size_t>(size_t{0}) : Result<size_t>(error);
  }
  Result<size_t> taken = take(request);
  // Behind a shutdown there is no second answer, so the host must have had its time to notice what is there.
  const bool final_answer = socket.receive_shut_ && input.is_open() && socket.pending_error_.ok();
  if (!taken.ok() || taken.value() != 0 || !final_answer) return taken;
  (void)settle(Settling::last_input, host.readable());
  return fill(request.size).ok() ? take(request) : taken;
}

Result<size_t> Connected::readable_bytes() {
  while (fast.ahead.size() < peek_limit) {
    const Errno error = fill(input.next_read());
    if (error == EAGAIN) break;
    if (!error.ok()) return error;
  }
  return fast.ahead.size();
}

size_t copy_unread(const ReadBuffer& unread, ReceiveRequest& request) {
  const size_t size = smaller(unread.size(), request.size);
  if ((request.flags & MSG_TRUNC) == 0) scatter(request.buffers, unread.data(), size);
  return size;
}

// A buffer with enough in it answers for readable without asking the host. The end of the stream and a reset show only
// behind the data: whoever waits for those makes the guest read ahead, up to a limit that keeps the peer from filling it.
bool Connected::needs_input(Events wanted) const {
  constexpr size_t look_ahead_limit = 65536;
  const size_t size = fast.ahead.size();
  if (!input.is_open()) return false;
  if (size == 0 || size < static_cast<size_t>(socket.options.receive_low_water)) return true;
  if ((wanted & events::more_input) != 0) return size < look_ahead_limit;
  // Of a connection that this end has finished with, the other end's is a hang-up.
  if ((wanted & events::readable) != 0 && (wanted & events::read_hang_up) == 0 && !socket.send_shut_) return false;
  return size < look_ahead_limit;
}

}  // namespace tcp

Result<size_t> TcpSocket::receive(ReceiveRequest& request) {
  progress();
  Result<size_t> taken = size_t{0};
  if (tcp::Connected* connected = state_.as<tcp::Connected>()) {
    connected->flush_unless_for_more();
    taken = connected->receive(request);
  } else if (tcp::Ended* ended = state_.as<tcp::Ended>()) {
    taken = tcp::copy_unread(ended->unread, request);
    if ((request.flags & MSG_PEEK) == 0) ended->unread.consume(taken.value());
  }
  if (!taken.ok() || taken.value() != 0) return taken;
  switch (readable()) {
    case Readable::bytes:  // none were wanted
    case Readable::end:
      return size_t{0};
    case Readable::error:
      return tell_error_or(success);
    case Readable::not_connected:
      return Errno(ENOTCONN);
    case Readable::not_yet:
      break;
  }
  return Errno(EAGAIN);
}

Result<int> TcpSocket::tcp_readable_bytes() {
  progress();
  if (is_listening()) return Errno(EINVAL);
  if (tcp::Ended* ended = state_.as<tcp::Ended>()) return static_cast<int>(ended->unread.size());
  tcp::Connected* connected = state_.as<tcp::Connected>();
  if (connected == nullptr) return 0;
  const Result<size_t> size = connected->readable_bytes();
  return size.ok() ? Result<int>(static_cast<int>(size.value())) : Result<int>(size.error());
}

}  // namespace posix_sockets
