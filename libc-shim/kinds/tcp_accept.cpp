// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP: accept.
#include "kinds/tcp_socket.h"
#include "support/errno_of.h"
#include "support/memory.h"

namespace posix_sockets {

// A connection behind the one that accept() takes next.
struct TcpSocket::Queued {
  Queued* next = nullptr;
  wasi::AcceptedTcp accepted;
  Family family = Family::ipv4;
};

void TcpSocket::take_queued() {
  if (pending_.socket || queue_ == nullptr) return;
  Queued* first = queue_;
  queue_ = first->next;
  --queued_;
  pending_ = static_cast<wasi::AcceptedTcp&&>(first->accepted);
  pending_family_ = first->family;
  destroy(first);
}

void TcpSocket::drop_pending() {
  do {
    pending_.streams = {};
    pending_.socket.reset();
    take_queued();
  } while (pending_.socket);
}

bool TcpSocket::wants_connection(Events wanted) const {
  constexpr uint16_t look_ahead_limit = 32;
  return !pending_.socket || ((wanted & events::more_input) != 0 && queued_ < look_ahead_limit);
}

Errno TcpSocket::accept_ahead(Events wanted) {
  if (!wants_connection(wanted)) return success;
  Queued* behind = nullptr;
  if (pending_.socket) {
    behind = create<Queued>();
    if (behind == nullptr) return success;  // it waits in the host
  }
  Errno error;
  if (!accept_once(behind != nullptr ? behind->accepted : pending_,
                   behind != nullptr ? behind->family : pending_family_, error)) {
    destroy(behind);
    return error;
  }
  if (behind == nullptr) return success;
  Queued** end = &queue_;
  while (*end != nullptr) end = &(*end)->next;
  *end = behind;
  ++queued_;
  return success;
}

bool TcpSocket::accept_once(wasi::AcceptedTcp& connection, Family& its_family, Errno& error) {
  // A connection that was reset while it waited is skipped, as in the kernel; each attempt takes one off the queue.
  for (int attempt = 0; attempt < 16; ++attempt) {
    // In turns, so that neither family keeps the other waiting.
    if (companion_) companion_turn_ = !companion_turn_;
    wasi::Result<wasi::AcceptedTcp> accepted = companion_turn_ ? companion_.accept() : host_.accept();
    if (accepted.ok()) {
      connection = static_cast<wasi::AcceptedTcp&&>(accepted.value());
      its_family = companion_turn_ ? Family::ipv4 : host_family_;
      ++input_edges;
      return true;
    }
    if (accepted.error() == wasi::ErrorCode::would_block) {
      if (!companion_ || attempt != 0) return false;
      continue;  // the other family
    }
    if (accepted.error() != wasi::ErrorCode::connection_aborted &&
        accepted.error() != wasi::ErrorCode::connection_reset) {
      error = errno_of(accepted.error());
      return false;
    }
  }
  return false;
}

Result<Socket*> TcpSocket::tcp_accept() {
  if (state_ != State::listening) return Errno(EINVAL);
  take_queued();
  const Errno error = accept_ahead(0);
  if (!pending_.socket) return error.ok() ? Errno(EAGAIN) : error;
  auto* accepted = create<TcpSocket>(family(), pending_family_, static_cast<wasi::TcpSocket&&>(pending_.socket));
  if (accepted == nullptr) return Errno(ENOMEM);
  accepted->adopt(static_cast<wasi::TcpStreams&&>(pending_.streams));
  accepted->connect_reported_ = true;
  // The kernel clones the listener with nearly all options.
  accepted->options = options.inherited();
  accepted->receive_shut_ = receive_shut_;
  accepted->send_shut_ = send_shut_;
  if (send_shut_) accepted->send_end();
  accepted->corked_ = corked_;
  accepted->no_delay_ = no_delay_;
  accepted->options_set_ = options_set_;
  for (int i = 0; i < host_option_count; ++i) accepted->option_values_[i] = option_values_[i];
  apply_early_reset(*accepted);
  accepted->local_port_ = local_port();
  if (searching_ != 0) accepted->pair_with_client();
  return accepted;
}

}  // namespace posix_sockets
