// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP: the connections that wait for accept(), in the guest.
#include "tcp/listener.h"

#include "support/errno_of.h"
#include "support/memory.h"

namespace posix_sockets {

void TcpSocket::Listener::release() {
  while (queue != nullptr) {
    Queued* first = queue;
    queue = first->next;
    destroy(first);
  }
  while (early_resets != nullptr) {
    EarlyReset* first = early_resets;
    early_resets = first->next;
    destroy(first);
  }
  destroy(this);
}

Events TcpSocket::Listener::ready(Events wanted, bool probe) {
  take_queued();
  if (probe && (wanted & events::readable) != 0) accept_ahead(wanted);
  return pending.socket || !error.ok() ? events::readable : Events{0};
}

void TcpSocket::Listener::subscribe(Events wanted, PollSet& set, uint32_t tag) {
  if ((wanted & events::readable) == 0 || !wants_connection(wanted)) return;
  set.add(socket.socket_pollable(), tag);
  if (!socket.companion_) return;
  if (!socket.companion_pollable_) socket.companion_pollable_ = socket.companion_.subscribe();
  set.add(socket.companion_pollable_, tag);
}

void TcpSocket::Listener::take_queued() {
  if (pending.socket || queue == nullptr) return;
  Queued* first = queue;
  queue = first->next;
  --queued_count;
  pending = static_cast<wasi::AcceptedTcp&&>(first->accepted);
  pending_family = first->family;
  destroy(first);
}

bool TcpSocket::Listener::wants_connection(Events wanted) const {
  constexpr uint16_t look_ahead_limit = 32;
  return !pending.socket || ((wanted & events::more_input) != 0 && queued_count < look_ahead_limit);
}

void TcpSocket::Listener::accept_ahead(Events wanted) {
  if (!wants_connection(wanted)) return;
  Queued* behind = nullptr;
  if (pending.socket) {
    behind = create<Queued>();
    if (behind == nullptr) return;  // it waits in the host
  }
  if (!accept_once(behind != nullptr ? behind->accepted : pending,
                   behind != nullptr ? behind->family : pending_family)) {
    destroy(behind);
    return;
  }
  if (behind == nullptr) return;
  Queued** end = &queue;
  while (*end != nullptr) end = &(*end)->next;
  *end = behind;
  ++queued_count;
}

bool TcpSocket::Listener::accept_once(wasi::AcceptedTcp& connection, Family& its_family) {
  error = success;
  // A connection that was reset while it waited is skipped, as in the kernel; each attempt takes one off the queue.
  for (int attempt = 0; attempt < 16; ++attempt) {
    // In turns, so that neither family keeps the other waiting.
    if (socket.companion_) companion_turn = !companion_turn;
    wasi::Result<wasi::AcceptedTcp> accepted = companion_turn ? socket.companion_.accept() : socket.host_.accept();
    if (accepted.ok()) {
      connection = static_cast<wasi::AcceptedTcp&&>(accepted.value());
      its_family = companion_turn ? Family::ipv4 : socket.host_family_;
      ++socket.input_edges;
      return true;
    }
    if (accepted.error() == wasi::ErrorCode::would_block) {
      if (!socket.companion_ || attempt != 0) return false;
      continue;  // the other family
    }
    if (accepted.error() != wasi::ErrorCode::connection_aborted &&
        accepted.error() != wasi::ErrorCode::connection_reset) {
      error = errno_of_new_socket(accepted.error());
      return false;
    }
  }
  return false;
}

}  // namespace posix_sockets
