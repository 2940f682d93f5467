// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP: the connections that wait for accept().
#include "tcp/listener.h"

#include "support/memory.h"
#include "tcp/socket.h"
#include "wait/settle.h"

namespace posix_sockets::tcp {
namespace {

Result<host::Listener> listen_host(host::TcpSocket& host, uint64_t backlog) {
  for (;;) {
    Result<host::Listener> result = host.listen(backlog);
    if (!(result.error() == EAGAIN) || !settle(Settling::binding, host.progress())) return result;
  }
}

}  // namespace

Listener::~Listener() {
  while (behind_ != nullptr) {
    Queued* first = behind_;
    behind_ = first->next;
    destroy(first);
  }
  while (early_resets_ != nullptr) {
    EarlyReset* first = early_resets_;
    early_resets_ = first->next;
    destroy(first);
  }
}

Errno Listener::listen(Unconnected& hosts, uint64_t backlog) {
  for (const bool ipv4 : {false, true}) {
    host::TcpSocket& host = ipv4 ? hosts.ipv4 : hosts.own;
    if (!host) continue;
    Result<host::Listener> result = listen_host(host, backlog);
    if (!result.ok()) return result.error();
    (ipv4 ? ipv4_ : own_) = static_cast<host::Listener&&>(result.value());
  }
  return success;
}

Events Listener::ready(Events wanted, bool probe) {
  move_up();
  if (probe && (wanted & events::readable) != 0) accept_ahead(wanted);
  return first_ || !error_.ok() ? events::readable : Events{0};
}

void Listener::subscribe(Events wanted, PollSet& set, uint32_t tag) {
  if ((wanted & events::readable) == 0 || !wants_connection(wanted)) return;
  if (own_) set.add(own_.acceptable(), tag);
  if (ipv4_) set.add(ipv4_.acceptable(), tag);
}

host::Connection* Listener::next() {
  move_up();
  accept_ahead(0);
  return first_ ? &first_ : nullptr;
}

Errno Listener::take_error() {
  const Errno error = error_.ok() ? Errno(EAGAIN) : error_;
  error_ = success;
  return error;
}

void Listener::move_up() {
  if (first_ || behind_ == nullptr) return;
  Queued* queued = behind_;
  behind_ = queued->next;
  --behind_count_;
  first_ = static_cast<host::Connection&&>(queued->connection);
  destroy(queued);
}

bool Listener::wants_connection(Events wanted) const {
  constexpr uint16_t look_ahead_limit = 32;
  return !first_ || ((wanted & events::more_input) != 0 && behind_count_ < look_ahead_limit);
}

void Listener::accept_ahead(Events wanted) {
  if (!wants_connection(wanted)) return;
  if (!first_) {
    (void)accept_once(first_);
    return;
  }
  Queued* queued = create<Queued>();
  if (queued == nullptr) return;  // it waits in the host
  if (!accept_once(queued->connection)) {
    destroy(queued);
    return;
  }
  Queued** end = &behind_;
  while (*end != nullptr) end = &(*end)->next;
  *end = queued;
  ++behind_count_;
}

bool Listener::accept_once(host::Connection& connection) {
  const bool has_both = own_ && ipv4_;
  error_ = success;
  // A connection that was reset while it waited is skipped, as in the kernel; each attempt takes one off the queue.
  for (int attempt = 0; attempt < 16; ++attempt) {
    // In turns, so that neither family keeps the other waiting.
    if (has_both) ipv4_has_turn_ = !ipv4_has_turn_;
    Result<host::Connection> accepted = (has_both ? ipv4_has_turn_ : !own_) ? ipv4_.accept() : own_.accept();
    if (accepted.ok()) {
      connection = static_cast<host::Connection&&>(accepted.value());
      socket_.tell_input();
      return true;
    }
    if (accepted.error() == EAGAIN) {
      if (!has_both || attempt != 0) return false;
      continue;  // the other family
    }
    if (accepted.error() == ECONNABORTED || accepted.error() == ECONNRESET) continue;
    error_ = accepted.error();
    return false;
  }
  return false;
}

}  // namespace posix_sockets::tcp
