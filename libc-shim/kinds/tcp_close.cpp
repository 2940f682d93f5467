// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP: shutdown and close, and what outlives close: bytes that send() accepted and the host hasn't delivered yet.
#include "kinds/tcp_listener.h"
#include "support/memory.h"
#include "wit-bindings/clocks.h"

namespace posix_sockets {
namespace {

// A closed socket whose output the host is still writing. Dropping the stream would make the program wait for a slow reader.
struct Lingering {
  TcpSocket* socket;
  Lingering* next;
};
Lingering* lingering;

// Frees what is done.
void sweep() {
  for (Lingering** link = &lingering; *link != nullptr;) {
    Lingering* entry = *link;
    if (entry->socket->has_unsent()) {
      link = &entry->next;
      continue;
    }
    *link = entry->next;
    destroy(entry->socket);
    destroy(entry);
  }
}

}  // namespace

// The FIN follows what is held; drop_held() sends it when that has gone.
void TcpSocket::end_sending() {
  if (send_shut_) return;
  send_shut_ = true;
  look_at_next_send();
  flush_held();
  if (held_size_ != 0) {
    end_pending_ = true;
  } else {
    send_end();
  }
}

bool TcpSocket::has_unsent() {
  if (!output_ || output_ended_) return false;
  if (held_size_ != 0) {
    flush_held();
    if (held_size_ != 0) return true;
  }
  if (!may_be_writing_) return false;
  const wasi::StreamResult permit = check_write();
  // Closed, after shutdown(send): delivered, or lost with the connection.
  return permit.status == wasi::StreamStatus::ok && permit.value == 0;
}

void TcpSocket::drain(Deadline deadline) {
  while (has_unsent()) {
    if (!wait_for(output_pollable(), deadline).ok()) return;
  }
}

bool TcpSocket::drain_step(PollSet& set) {
  if (!has_unsent()) return false;
  constexpr int most_reads = 64;  // a sender that never stops must not stop the others
  constexpr size_t most_at_once = 65536;
  int reads = 0;
  do {
    buffer_.consume(buffer_.size());
  } while (++reads < most_reads && fill(most_at_once).ok());
  buffer_.consume(buffer_.size());
  set.add(output_pollable());
  if (!input_ended_) set.add(input_pollable());
  return true;
}

bool drain_lingering_step(PollSet& set) {
  sweep();
  for (Lingering* entry = lingering; entry != nullptr; entry = entry->next) (void)entry->socket->drain_step(set);
  return lingering != nullptr;
}

void drain_lingering(Deadline deadline) {
  for (;;) {
    PollSet set;
    if (!drain_lingering_step(set) || !set.wait(deadline, false).ok()) return;
  }
}

// Linux remembers it of a socket that it says ENOTCONN of, too.
void TcpSocket::mark_shut(unsigned how) {
  if ((how & shutdown_receive) != 0) receive_shut_ = true;
  if ((how & shutdown_send) != 0) send_shut_ = true;
}

Errno TcpSocket::tcp_shutdown(unsigned how) {
  progress();
  switch (state_) {
    case State::failed:
      dead_ = true;
      [[fallthrough]];
    case State::fresh:
      mark_shut(how);
      return ENOTCONN;
    case State::listening:
      // Linux stops listening on SHUT_RD; the host can't, so a new socket takes its place.
      return (how & shutdown_receive) != 0 ? reopen() : success;
    case State::connecting:
      return disconnect();
    case State::connected:
      connect_reported_ = true;  // as far as the kernel's connect() is concerned
      break;
  }
  if (turns_out_over()) {
    mark_shut(how);
    return ENOTCONN;
  }
  // The host isn't told of the receiving side: it would close the stream, and the kernel still takes what arrives.
  if ((how & shutdown_receive) != 0) receive_shut_ = true;
  if ((how & shutdown_send) != 0) end_sending();
  if (receive_shut_ && send_shut_ && own_peers_ != nullptr) own_peers_->deafen_other_end(*this);
  ++edges;
  return success;
}

void TcpSocket::drop_listener() {
  if (listener_ != nullptr) listener_->release();
  listener_ = nullptr;
}

void TcpSocket::release() {
  if (options.linger && state_ == State::connected) {
    if (options.linger_seconds > 0) {
      drain(Deadline::after(wasi::monotonic_clock::now(), static_cast<uint64_t>(options.linger_seconds) * 1000000000));
    }
  }
  sweep();
  if (listener_ != nullptr) listener_->reset_pending();
  const bool unsent = has_unsent();
  if (unsent && buffer_.empty()) (void)fill(small_read);
  const bool resets = !buffer_.empty() || (options.linger && options.linger_seconds == 0) ||
                      (other_end_ != nullptr && underway_ > (other_end_->send_shut_ ? 1u : 0u));
  if (resets && own_peers_ != nullptr) own_peers_->reset_other_end(*this);
  if (unsent) {
    auto* entry = create<Lingering>(Lingering{this, lingering});
    if (entry != nullptr) {
      end_sending();
      lingering = entry;
      drain_closed = drain_lingering_step;
      return;
    }
    drain(Deadline{});
  }
  destroy(this);
}

}  // namespace posix_sockets
