// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP: sending.
#include "kinds/tcp_socket.h"
#include "wit-bindings/clocks.h"

namespace posix_sockets {

void TcpSocket::end_output(wasi::StreamStatus status) {
  output_ended_ = true;
  if (status == wasi::StreamStatus::closed || status == wasi::StreamStatus::broken_pipe || error_latched_) return;
  error_latched_ = true;
  if (status == wasi::StreamStatus::timed_out) {
    pending_error_ = ETIMEDOUT;
  } else if (status == wasi::StreamStatus::unreachable) {
    pending_error_ = EHOSTUNREACH;
  } else {
    pending_error_ = ECONNRESET;
  }
}

wasi::StreamResult TcpSocket::check_write() {
  wasi::StreamResult permit = output_.check_write();
  if (permit.status != wasi::StreamStatus::ok || permit.value != 0) {
    was_writable_ = true;
    return permit;
  }
  // Some hosts notice that their own writing is done only when the pollable is looked at; and that a connection is writable,
  // which a new one always is, only some time after it was made.
  constexpr uint64_t host_lag_ns = 5000000;
  const Deadline deadline =
      was_writable_ ? Deadline{Deadline::immediately} : Deadline::after(wasi::monotonic_clock::now(), host_lag_ns);
  was_writable_ = true;
  if (!wait_for(output_pollable(), deadline).ok()) return permit;
  return output_.check_write();
}

Result<size_t> TcpSocket::send(SendRequest& request) {
  progress();
  if (state_ == State::connecting) return Errno(EAGAIN);
  if (!pending_error_.ok()) {
    const Errno error = pending_error_;
    pending_error_ = success;
    return error;
  }
  if (state_ != State::connected || send_shut_ || output_ended_) return Errno(EPIPE);
  if (request.size == 0) return size_t{0};

  const wasi::StreamResult permit = check_write();
  wasi::StreamStatus status = permit.status;
  size_t size = 0;
  if (status == wasi::StreamStatus::ok) {
    if (permit.value == 0) return Errno(EAGAIN);
    // Some hosts permit a gigabyte and keep it in their own memory: a program would never see that its peer is slow.
    constexpr size_t largest_write = 65536;
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
    status = output_.write(piece.iov_base, size);
  }
  if (status != wasi::StreamStatus::ok) {
    end_output(status);
    const Errno error = pending_error_.ok() ? Errno(EPIPE) : pending_error_;
    pending_error_ = success;
    return error;
  }
  return size;
}

}  // namespace posix_sockets
