// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP: sending.
#include <string.h>
#include <sys/socket.h>

#include "tcp/socket.h"
#include "wait/settle.h"

namespace posix_sockets {
namespace {

// Some hosts permit a gigabyte and keep it in their own memory: a program would never see that its peer is slow.
constexpr size_t largest_write = 65536;

}  // namespace

void TcpSocket::end_output(wasi::StreamStatus status) {
  output_ended_ = true;
  fast_.gathered.look_at_next();
  ++edges;
  if (status != wasi::StreamStatus::closed) latch_error(status);
  if (!send_shut_) take_in_end();  // in the kernel it was there before
}

wasi::StreamResult TcpSocket::check_write() {
  wasi::StreamResult permit = permit_of_ == this ? permit_ : output_.check_write();
  permit_of_ = nullptr;
  if (permit.status != wasi::StreamStatus::ok || permit.value != 0) {
    was_writable_ = true;
    may_be_writing_ = false;
    return permit;
  }
  // Some hosts notice that their own writing is done only when the pollable is looked at; and that a connection is writable,
  // which a new one always is, only some time after it was made.
  const Settling reason = was_writable_ && !room_underway_ ? Settling::look : Settling::first_room;
  was_writable_ = true;
  room_underway_ = false;
  if (!settle(reason, output_pollable())) return permit;
  permit = output_.check_write();
  if (permit.value != 0) may_be_writing_ = false;
  return permit;
}

// Whether the host has no room for what was written before, so that a kernel would take nothing either. What it says stays good
// until something is written.
bool TcpSocket::is_full() {
  if (!may_be_writing_) return false;
  permit_ = check_write();
  if (permit_.status == wasi::StreamStatus::ok && permit_.value == 0) return true;
  permit_of_ = this;
  saw_room();
  return false;
}

size_t TcpSocket::send_plain(const void* data, size_t size) {
  if (state_ != State::connected || send_shut_ || output_ended_ || !pending_error_.ok() || corked_ || no_delay_ ||
      peer_is_deaf_ || size > largest_write)
    return 0;
  const wasi::StreamResult permit = output_.check_write();
  if (permit.status != wasi::StreamStatus::ok || permit.value < size) {
    permit_ = permit;  // stays good until something is written
    permit_of_ = this;
    return 0;
  }
  was_writable_ = true;
  saw_room();
  const wasi::StreamStatus status = write_out(data, size);
  if (status != wasi::StreamStatus::ok) {
    end_output(status);  // send() says it
    return 0;
  }
  sent_after_end_ = input_ended_;
  return size;
}

Result<size_t> TcpSocket::send(SendRequest& request) {
  progress();
  if (state_ == State::connecting) return Errno(EAGAIN);
  // What really sends is told by the host.
  if (state_ == State::connected && (request.size == 0 || send_shut_)) (void)turns_out_over();
  if (!pending_error_.ok()) {
    const Errno error = pending_error_;
    pending_error_ = success;
    return error;
  }
  if (state_ != State::connected || send_shut_ || output_ended_) return Errno(EPIPE);
  if (request.size == 0) {
    if ((request.flags & MSG_MORE) == 0 && !corked_) flush_held();
    return size_t{0};
  }
  const bool leaves = (request.flags & MSG_MORE) == 0 && !corked_;
  if (peer_is_deaf_ && leaves && own_peers_->send_into_reset(*this)) return request.size;
  if (wants_to_hold(request)) {
    if (fast_.gathered.size == 0 && !was_heard_since_wait()) {
      hear();
      if (turns_out_over()) return send(request);
    }
    // What doesn't fit behind what is held waits until that has gone, as far as the host takes it.
    if (request.size > GatheredOutput::capacity - fast_.gathered.size || held_is_old()) flush_held();
    if (output_ended_) return send(request);
    if (is_full()) return Errno(EAGAIN);
    if (request.size <= GatheredOutput::capacity - fast_.gathered.size && hold(request)) return request.size;
  }
  if (fast_.gathered.size != 0) return send_behind_held(request);

  const wasi::StreamResult permit = check_write();
  wasi::StreamStatus status = permit.status;
  size_t size = 0;
  if (status == wasi::StreamStatus::ok) {
    if (permit.value == 0) return Errno(EAGAIN);
    saw_room();
    size = request.size < largest_write ? request.size : largest_write;
    if (size > permit.value) size = static_cast<size_t>(permit.value);
    iovec piece = first_piece(request.buffers);
    if (piece.iov_len < size) {
      // Several pieces go out as one write: one host call, and one segment where Nagle would have made two.
      uint8_t* gathered = scratch(size);
      if (gathered != nullptr) {
        gather(request.buffers, gathered, size);
        piece = {gathered, size};
      } else {
        size = piece.iov_len;
      }
    }
    status = write_out(piece.iov_base, size);
  }
  if (status != wasi::StreamStatus::ok) return fail_send(status);
  sent_after_end_ = input_ended_;
  return size;
}

Errno TcpSocket::fail_send(wasi::StreamStatus status) {
  end_output(status);
  const Errno error = pending_error_.ok() ? Errno(EPIPE) : pending_error_;
  pending_error_ = success;
  return error;
}

// What is held and what is sent now leave as one write, as far as the host takes them.
Result<size_t> TcpSocket::send_behind_held(SendRequest& request) {
  const wasi::StreamResult permit = check_write();
  if (fast_.gathered.size == 0)
    return send(request);  // check_write() waited, and what runs before a wait has flushed it
  if (permit.status != wasi::StreamStatus::ok) {
    drop_held();
    return fail_send(permit.status);
  }
  size_t size = fast_.gathered.size + request.size;
  if (size > largest_write) size = largest_write;
  if (size > permit.value) size = static_cast<size_t>(permit.value);
  if (size <= fast_.gathered.size) {
    flush_held();
    return Errno(EAGAIN);
  }
  uint8_t* joined = size <= GatheredOutput::capacity ? fast_.gathered.memory : scratch(size);
  if (joined == nullptr) {
    flush_held();
    return fast_.gathered.size == 0 ? send(request) : Result<size_t>(Errno(ENOMEM));
  }
  const size_t fresh = size - fast_.gathered.size;
  if (joined != fast_.gathered.memory) memcpy(joined, fast_.gathered.memory, fast_.gathered.size);
  gather(request.buffers, joined + fast_.gathered.size, fresh);
  const wasi::StreamStatus status = write_out(joined, size);
  drop_held();
  if (status != wasi::StreamStatus::ok) return fail_send(status);
  sent_after_end_ = input_ended_;
  return fresh;
}

// Of what the host has in hand it tells only whether it is done.
Result<int> TcpSocket::tcp_unsent_bytes() {
  progress();
  if (state_ == State::listening) return Errno(EINVAL);
  if (state_ != State::connected || output_ended_ || !output_) return 0;
  const wasi::StreamResult permit = check_write();
  const bool busy = permit.status == wasi::StreamStatus::ok && permit.value == 0;
  return static_cast<int>(fast_.gathered.size + (busy ? last_write_ : 0));
}

}  // namespace posix_sockets
