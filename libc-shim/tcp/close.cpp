// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP: close, and what outlives it: bytes that send() accepted and the host hasn't delivered yet. They go on while the program
// runs, and for some time when it ends (SO_LINGER, or WASI_POSIX_EXIT_WAIT); a peer that never reads can't hold it for ever.
#include <stdlib.h>

#include "description/ending.h"
#include "support/memory.h"
#include "tcp/socket.h"

namespace posix_sockets {

using tcp::Connected;

namespace {

constexpr uint64_t second_ns = 1000000000;

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

bool TcpSocket::linger_step(PollSet& set) {
  Connected* connected = connection();
  if (connected == nullptr || !options.linger || breaks_off() || !connected->has_unsent()) return false;
  connected->output.progressed = host::now();
  set.add(connected->host.writable());
  return true;
}

bool TcpSocket::delays_end() {
  Connected* connected = state_.as<Connected>();
  return connected != nullptr && !breaks_off() && connected->has_unsent();
}

bool TcpSocket::drain_step(Ending& ending) {
  if (!delays_end()) return false;
  Connected& connected = *state_.as<Connected>();
  const uint64_t progressed = closed_ ? connected.output.progressed : 0;
  if (options.linger) {
    ending.wait_for(progressed, linger_ns());
  } else {
    if (!ending.knows_usual_wait) ending.usual_wait_ns = exit_wait_ns();
    ending.knows_usual_wait = true;
    ending.wait_for(progressed, ending.usual_wait_ns);
  }
  ending.left += connected.fast.gathered.size + 1u;
  constexpr int most_reads = 64;  // a sender that never stops must not stop the others
  constexpr size_t most_at_once = 65536;
  ReadBuffer& unread = connected.fast.ahead;
  int reads = 0;
  do {
    unread.consume(unread.size());
  } while (++reads < most_reads && connected.fill(most_at_once).ok());
  unread.consume(unread.size());
  ending.set.add(connected.host.writable());
  if (connected.input.is_open()) ending.set.add(connected.host.readable());
  return true;
}

// Frees the closed ones that are done.
void TcpSocket::sweep_closed() {
  if (closed_count_ == 0) return;
  for (TcpSocket* socket = first_; socket != nullptr;) {
    TcpSocket* next = socket->next_;
    Connected* connected = socket->connection();
    if (socket->closed_ && (connected == nullptr || !connected->has_unsent())) {
      --closed_count_;
      destroy(socket);
    }
    socket = next;
  }
}

bool TcpSocket::drain_closed_step(Ending& ending) {
  sweep_closed();
  bool waits = false;
  if (closed_count_ == 0) return false;
  for (TcpSocket* socket = first_; socket != nullptr; socket = socket->next_)
    if (socket->closed_) waits |= socket->drain_step(ending);
  return waits;
}

void drain_lingering() {
  Ending ending;
  do {
    ending.begin_round();
    (void)TcpSocket::drain_closed_step(ending);
  } while (ending.wait());
}

namespace tcp {

void Connected::leave_behind() {
  auto* old = create<TcpSocket>(socket.family());
  if (old == nullptr) return;
  Connected& left = old->state_.become<Connected>(*old, static_cast<host::Connection&&>(host), AwaitsAccept());
  left.input.end = input.end;
  left.output.may_be_writing = left.output.was_writable = true;
  left.only_delivers = true;
  old->options.linger = true;  // for no time: the program's end doesn't wait for it
  left.end_sending();
  old->close_later();
}

}  // namespace tcp

void TcpSocket::release() {
  sweep_closed();
  if (tcp::Listening* listening = state_.as<tcp::Listening>()) tcp::late.listen->reset_waiting(listening->listener);
  Connected* connected = state_.as<Connected>();
  if (connected == nullptr) return destroy(this);
  if (breaks_off()) {
    // What is gathered for TCP_NODELAY a kernel has sent long since; what the program holds back is given up.
    connected->flush_unless_for_more();
    connected->gatherer.end_follows = false;
    connected->drop_gathered();
  }
  const bool unsent = connected->has_unsent();
  if (unsent && connected->fast.ahead.empty()) (void)connected->fill(tcp::Input::small_read);
  const bool resets = !connected->fast.ahead.empty() || breaks_off() || connected->has_unread_of_peer();
  if (resets && tcp::late.listen != nullptr) tcp::late.listen->reset_peer(*this);
  if (!unsent) return destroy(this);
  connected->end_sending();
  close_later();
}

void TcpSocket::close_later() {
  closed_ = true;
  ++closed_count_;
  drain_closed = drain_closed_step;
}

}  // namespace posix_sockets
