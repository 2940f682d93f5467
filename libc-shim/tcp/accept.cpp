// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP: accept.
#include "support/memory.h"
#include "tcp/listener.h"

namespace posix_sockets {

Result<Socket*> TcpSocket::tcp_accept() {
  if (state_ != State::listening) return Errno(EINVAL);
  listener_->take_queued();
  listener_->accept_ahead(0);
  wasi::AcceptedTcp& pending = listener_->pending;
  if (!pending.socket) {
    const Errno error = listener_->error;
    listener_->error = success;
    return error.ok() ? Errno(EAGAIN) : error;
  }
  Owner<HostOptions> host_options;
  if (host_options_) {
    host_options = Owner<HostOptions>(create<HostOptions>(*host_options_));
    if (!host_options) return Errno(ENOMEM);
  }
  auto* accepted =
      create<TcpSocket>(family(), listener_->pending_family, static_cast<wasi::TcpSocket&&>(pending.socket));
  if (accepted == nullptr) return Errno(ENOMEM);
  accepted->adopt(static_cast<wasi::TcpStreams&&>(pending.streams));
  accepted->connect_reported_ = true;
  // The kernel clones the listener with nearly all options.
  accepted->options = options.inherited();
  accepted->receive_shut_ = receive_shut_;
  accepted->send_shut_ = send_shut_;
  if (send_shut_) accepted->send_end();
  accepted->corked_ = corked_;
  accepted->no_delay_ = no_delay_;
  accepted->host_options_ = static_cast<Owner<HostOptions>&&>(host_options);
  listener_->apply_early_reset(*accepted);
  accepted->local_port_ = local_port();
  if (searching_ != 0) accepted->pair_with_client();
  return accepted;
}

}  // namespace posix_sockets
