// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP: accept.
#include "kinds/tcp_socket.h"
#include "support/errno_of.h"
#include "support/memory.h"

namespace posix_sockets {

void TcpSocket::accept_ahead() {
  if (pending_.socket) return;
  // A connection that was reset while it waited is skipped, as in the kernel; each attempt takes one off the queue.
  for (int attempt = 0; attempt < 16; ++attempt) {
    // In turns, so that neither family keeps the other waiting.
    if (companion_) companion_turn_ = !companion_turn_;
    wasi::Result<wasi::AcceptedTcp> accepted = companion_turn_ ? companion_.accept() : host_.accept();
    if (accepted.ok()) {
      pending_ = static_cast<wasi::AcceptedTcp&&>(accepted.value());
      pending_family_ = companion_turn_ ? Family::ipv4 : host_family_;
      ++input_edges;
      return;
    }
    if (accepted.error() == wasi::ErrorCode::would_block) {
      if (!companion_ || attempt != 0) return;
      continue;  // the other family
    }
    if (accepted.error() != wasi::ErrorCode::connection_aborted &&
        accepted.error() != wasi::ErrorCode::connection_reset) {
      pending_error_ = errno_of(accepted.error());
      return;
    }
  }
}

Result<Socket*> TcpSocket::tcp_accept() {
  if (state_ != State::listening) return Errno(EINVAL);
  accept_ahead();
  if (!pending_.socket) {
    const Errno error = pending_error_;
    pending_error_ = success;
    return error.ok() ? Errno(EAGAIN) : error;
  }
  auto* accepted = create<TcpSocket>(family(), pending_family_, static_cast<wasi::TcpSocket&&>(pending_.socket));
  if (accepted == nullptr) return Errno(ENOMEM);
  accepted->adopt(static_cast<wasi::TcpStreams&&>(pending_.streams));
  accepted->connect_reported_ = true;
  // The kernel clones the listener with nearly all options.
  accepted->options = options.inherited();
  accepted->corked_ = corked_;
  accepted->no_delay_ = no_delay_;
  accepted->options_set_ = options_set_;
  for (int i = 0; i < host_option_count; ++i) accepted->option_values_[i] = option_values_[i];
  apply_early_reset(*accepted);
  return accepted;
}

}  // namespace posix_sockets
