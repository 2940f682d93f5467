// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP: close, and what outlives it: bytes that send() accepted and the host hasn't delivered yet. They go on while the program
// runs, and for some time when it ends (SO_LINGER, or WASI_POSIX_EXIT_WAIT); a peer that never reads can't hold it for ever.
#include <stdlib.h>

#include "description/ending.h"
#include "support/memory.h"
#include "tcp/listener.h"
#include "wit-bindings/clocks.h"

namespace posix_sockets {
namespace {

constexpr uint64_t second_ns = 1000000000;

// A closed socket whose output the host is still writing. Dropping the stream would make the program wait for a slow reader.
struct Lingering {
  TcpSocket* socket;
  Lingering* next;
  uint64_t
      progressed;  // with SO_LINGER: the instant of its close, or the last since when it got on; 0: the program's end
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

// How long the program's end waits for sockets without SO_LINGER while none of them gets on: WASI_POSIX_EXIT_WAIT, in whole
// seconds. Anything but digits is as if it weren't set.
uint64_t exit_wait_ns() {
  constexpr uint64_t usual_ns = 10 * second_ns;
  constexpr uint64_t longest = Deadline::never / second_ns;
  const char* digit = getenv("WASI_POSIX_EXIT_WAIT");
  if (digit == nullptr || *digit == 0) return usual_ns;
  uint64_t seconds = 0;
  for (; *digit != 0; ++digit) {
    if (*digit < '0' || *digit > '9') return usual_ns;
    if (seconds < longest / 10) seconds = seconds * 10 + static_cast<uint64_t>(*digit - '0');
  }
  return seconds * second_ns;
}

}  // namespace

uint64_t TcpSocket::linger_ns() const { return static_cast<uint32_t>(options.linger_seconds) * second_ns; }

bool TcpSocket::has_unsent() {
  if (!output_ || output_ended_) return false;
  if (fast_.gathered.size != 0) {
    flush_held();
    if (fast_.gathered.size != 0) return true;
  }
  if (!may_be_writing_) return false;
  const wasi::StreamResult permit = check_write();
  // Closed, after shutdown(send): delivered, or lost with the connection.
  return permit.status == wasi::StreamStatus::ok && permit.value == 0;
}

uint64_t TcpSocket::drain(uint64_t longest_ns) {
  const uint64_t begun = wasi::monotonic_clock::now();
  const Deadline deadline = Deadline::after(begun, longest_ns);
  uint64_t progressed = begun;
  while (has_unsent()) {
    PollSet set;
    set.add(output_pollable());
    if (!set.wait(deadline).ok()) break;  // as in the kernel a signal ends it, too
    progressed = wasi::monotonic_clock::now();
  }
  return progressed;
}

bool TcpSocket::drain_step(Ending& ending) { return drain_step(ending, 0); }

bool TcpSocket::drain_step(Ending& ending, uint64_t progressed) {
  if (!delays_end()) return false;
  if (options.linger) {
    ending.wait_for(progressed, linger_ns());
  } else {
    if (!ending.knows_usual_wait) ending.usual_wait_ns = exit_wait_ns();
    ending.knows_usual_wait = true;
    ending.wait_for(progressed, ending.usual_wait_ns);
  }
  ending.left += fast_.gathered.size + 1;
  constexpr int most_reads = 64;  // a sender that never stops must not stop the others
  constexpr size_t most_at_once = 65536;
  int reads = 0;
  do {
    fast_.ahead.consume(fast_.ahead.size());
  } while (++reads < most_reads && fill(most_at_once).ok());
  fast_.ahead.consume(fast_.ahead.size());
  ending.set.add(output_pollable());
  if (!input_ended_) ending.set.add(input_pollable());
  return true;
}

namespace {

bool drain_lingering_step(Ending& ending) {
  sweep();
  bool waits = false;
  for (Lingering* entry = lingering; entry != nullptr; entry = entry->next)
    waits |= entry->socket->drain_step(ending, entry->progressed);
  return waits;
}

}  // namespace

void drain_lingering() {
  Ending ending;
  do {
    ending.begin_round();
    (void)drain_lingering_step(ending);
  } while (ending.wait());
}

// The program goes on without a connection whose output the host has in hand: breaking off would have to wait for that.
void TcpSocket::leave_behind() {
  Family its_family = family();
  auto* old = create<TcpSocket>(its_family, host_family_, static_cast<wasi::TcpSocket&&>(host_));
  if (old == nullptr) return;
  old->adopt({static_cast<wasi::InputStream&&>(input_), static_cast<wasi::OutputStream&&>(output_)});
  old->socket_pollable_ = static_cast<wasi::Pollable&&>(socket_pollable_);
  old->input_pollable_ = static_cast<wasi::Pollable&&>(input_pollable_);
  old->output_pollable_ = static_cast<wasi::Pollable&&>(output_pollable_);
  old->input_ended_ = input_ended_;
  old->may_be_writing_ = old->was_writable_ = old->host_replaced_ = true;
  old->options.linger = true;
  old->release();
}

void TcpSocket::release() {
  const bool breaks_off = options.linger && options.linger_seconds == 0;
  uint64_t progressed = 0;
  if (options.linger && !breaks_off && state_ == State::connected) progressed = drain(linger_ns());
  sweep();
  if (listener_ != nullptr) listener_->reset_pending();
  if (breaks_off) {
    // What is gathered for TCP_NODELAY a kernel has sent long since; what the program holds back is given up.
    if (!held_for_more_) flush_held();
    end_pending_ = false;
    drop_held();
  }
  const bool unsent = has_unsent();
  if (unsent && fast_.ahead.empty()) (void)fill(small_read);
  const bool resets =
      !fast_.ahead.empty() || breaks_off || (other_end_ != nullptr && underway_ > (other_end_->send_shut_ ? 1u : 0u));
  if (resets && own_peers_ != nullptr) own_peers_->reset_other_end(*this);
  if (unsent) {
    auto* entry = create<Lingering>(Lingering{this, lingering, progressed});
    if (entry != nullptr) {
      end_sending();
      lingering = entry;
      drain_closed = drain_lingering_step;
      return;
    }
    (void)drain(exit_wait_ns());
  }
  destroy(this);
}

}  // namespace posix_sockets
