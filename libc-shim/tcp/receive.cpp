// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP: receiving, with read-ahead.
#include <sys/socket.h>

#include "tcp/socket.h"
#include "wait/settle.h"

namespace posix_sockets {
namespace {

// How far MSG_PEEK and FIONREAD look ahead at the most.
constexpr size_t peek_limit = 1 << 20;

}  // namespace

void TcpSocket::end_input(wasi::StreamStatus status) {
  input_ended_ = true;
  fast_.gathered.look_at_next();
  if (!expects_end_) ++edges;
  if (status != wasi::StreamStatus::closed) latch_error(status);
  if (error_latched_) return;
  if (may_be_writing_ && !send_shut_ && !output_ended_) {
    // What the host was writing may have been told of a reset, which from here looks like the end then.
    const wasi::StreamStatus writing = check_write().status;
    if (writing != wasi::StreamStatus::ok && writing != wasi::StreamStatus::closed) latch_error(writing);
    if (error_latched_ && writing != wasi::StreamStatus::broken_pipe) return;
  }
  ended_in_order_ = true;
  options.set_value(Stored::quick_ack, -1);  // below its default of 1: the kernel takes it back
}

wasi::StreamResult TcpSocket::read_host(void* room, size_t size) {
  wasi::StreamResult result = input_.read(room, size);
  if (underway_ != 0 && result.status == wasi::StreamStatus::ok && result.value == 0 &&
      own_peers_->await_underway(*this))
    result = input_.read(room, size);
  if (result.status != wasi::StreamStatus::ok) {
    end_input(result.status);
    return result;
  }
  just_wrote_ = false;
  last_read_full_ = result.value == size;
  // A short look that came back full says nothing about how much there is.
  if (size > least_read || (result.value != 0 && !last_read_full_)) reads_much_ = result.value >= small_read;
  owes_empty_read_ = result.value != 0;
  if (result.value != 0) hear();
  // Of what another socket of the program sent.
  arrival_counted_ = underway_ >= result.value;
  underway_ -= result.value < underway_ ? static_cast<uint32_t>(result.value) : underway_;
  if (other_end_ != nullptr && !last_read_full_) other_end_->room_underway_ = true;
  return result;
}

Errno TcpSocket::fill(size_t size) {
  if (input_ended_) return EAGAIN;
  uint8_t* room = fast_.ahead.reserve(size);
  if (room == nullptr) return ENOMEM;
  const wasi::StreamResult result = read_host(room, size);
  read_at_ = moment();
  if (result.status != wasi::StreamStatus::ok || result.value == 0) {
    fast_.ahead.consume(0);  // gives empty memory back
    return EAGAIN;
  }
  fast_.ahead.append(static_cast<size_t>(result.value));
  if (!arrival_counted_) ++input_edges;
  return success;
}

// Straight into the caller's memory: no copy in the guest.
Result<size_t> TcpSocket::receive_direct(const Buffers& buffers, size_t size) {
  const iovec piece = first_piece(buffers);
  size_t ask = piece.iov_len < size ? piece.iov_len : size;
  const size_t limit = just_wrote_ ? least_read : ask_for();
  if (ask > limit) ask = limit;
  const wasi::StreamResult result = read_host(piece.iov_base, ask);
  return result.status == wasi::StreamStatus::ok ? static_cast<size_t>(result.value) : size_t{0};
}

Result<size_t> TcpSocket::peek(ReceiveRequest& request) {
  const size_t wanted = request.size < peek_limit ? request.size : peek_limit;
  while (fast_.ahead.size() < wanted || fast_.ahead.empty()) {
    const Errno error = fill(ask_for());
    if (error == EAGAIN) break;
    if (!error.ok()) return error;
  }
  const size_t size = fast_.ahead.size() < request.size ? fast_.ahead.size() : request.size;
  if ((request.flags & MSG_WAITALL) != 0 && size < wanted && !input_ended_ && !receive_shut_) return Errno(EAGAIN);
  if ((request.flags & MSG_TRUNC) == 0) scatter(request.buffers, fast_.ahead.data(), size);
  return size;
}

Result<size_t> TcpSocket::receive(ReceiveRequest& request) {
  progress();
  if (fast_.gathered.size != 0 && !held_for_more_) flush_held();
  if (state_ == State::listening) return Errno(ENOTCONN);
  size_t done = 0;
  if (state_ == State::connected) {
    if ((request.flags & MSG_PEEK) != 0) {
      Result<size_t> peeked = peek(request);
      if (!peeked.ok() || (request.size == 0 && !fast_.ahead.empty())) return peeked;
      done = peeked.value();
    } else {
      const bool discard = (request.flags & MSG_TRUNC) != 0;
      const size_t buffers_offset = request.buffers.offset;
      // What was read ahead just now is all there is. Behind older data the host is asked, as the kernel would give all that
      // has arrived in one.
      bool host_may_have_more = fast_.ahead.empty() || last_read_full_ || read_at_ != moment();
      // Served from the buffer, then from the host as long as its last read says that there is more.
      while (done < request.size || request.size == 0) {
        if (fast_.ahead.empty()) {
          if (input_ended_) break;
          if (!host_may_have_more) break;
          Buffers rest = request.buffers;
          rest.offset = buffers_offset + done;
          // Where much comes one large read and copies beat several direct ones.
          const bool copies = discard || (reads_much_ && request.size < large_read);
          if (!copies && request.size - done >= small_read && first_piece(rest).iov_len >= small_read) {
            Result<size_t> direct = receive_direct(rest, request.size - done);
            if (direct.value() == 0) break;
            done += direct.value();
            host_may_have_more = last_read_full_;
            continue;
          }
          const Errno error = fill(just_wrote_ ? least_read : ask_for());
          if (error == EAGAIN) {
            if (done != 0) owes_empty_read_ = true;  // still one to ask first when the program polls
            break;
          }
          if (!error.ok()) {
            if (done != 0) break;
            return error;
          }
          host_may_have_more = last_read_full_;
        }
        if (request.size == 0) return size_t{0};
        size_t size = request.size - done;
        if (size > fast_.ahead.size()) size = fast_.ahead.size();
        Buffers rest = request.buffers;
        rest.offset = buffers_offset + done;
        if (!discard) scatter(rest, fast_.ahead.data(), size);
        fast_.ahead.consume(size);
        done += size;
      }
    }
  }
  if (done != 0) return done;
  if (ended_in_order_) return size_t{0};
  if (!pending_error_.ok()) {
    const Errno error = pending_error_;
    pending_error_ = success;
    return error;
  }
  if (state_ == State::connecting) return Errno(EAGAIN);
  if (state_ == State::fresh && !receive_shut_) return Errno(ENOTCONN);
  if (state_ == State::failed) return size_t{0};
  if (state_ == State::connected && receive_shut_ && !input_ended_ && request.size != 0 && fast_.ahead.empty()) {
    // The answer is final, so the host must have had its time to notice what is there.
    (void)settle(Settling::last_input, input_pollable());
    if (fill(request.size).ok()) return receive(request);
  }
  if (input_ended_ || receive_shut_) return size_t{0};
  return Errno(EAGAIN);
}

Result<int> TcpSocket::tcp_readable_bytes() {
  progress();
  if (state_ == State::listening) return Errno(EINVAL);
  if (state_ != State::connected) return 0;
  while (fast_.ahead.size() < peek_limit) {
    const Errno error = fill(ask_for());
    if (error == EAGAIN) break;
    if (!error.ok()) return error;
  }
  return static_cast<int>(fast_.ahead.size());
}

}  // namespace posix_sockets
