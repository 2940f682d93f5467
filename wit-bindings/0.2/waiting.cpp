// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "wit-bindings/0.2/waiting.h"

#include "wit-bindings/0.2/budget.h"
#include "wit-bindings/0.2/raw.h"
#include "wit-bindings/0.2/realloc.h"
#include "wit-bindings/host.h"

namespace posix_sockets::host {
namespace {

wasi::RawHandle timer_in(uint64_t duration) { return wasi::raw::wps_monotonic_clock_subscribe_duration(duration); }

}  // namespace

namespace budget {

void count_success() {
  ++wasi::budget_spent;
  ++wasi::told_ready;
}

size_t poll(const wasi::RawHandle* pollables, size_t count, uint32_t* ready) {
  wasi::raw::List<uint32_t> result = {};
  wasi::LentBuffer lent(ready, count * sizeof *ready);
  wasi::raw::wps_poll(pollables, count, &result);
  wasi::budget_spent += static_cast<unsigned>(count);
  wasi::told_ready += static_cast<unsigned>(result.length);
  return result.length;
}

void begin() {
  wasi::budget_spent = 0;
  wasi::told_ready = 1;  // what ended the sleep
}

// Kept for the life of the program.
wasi::RawHandle elapsed_timer() {
  static wasi::RawHandle timer;
  if (timer == 0) timer = timer_in(1);
  return timer;
}

namespace {

enum class Host : uint8_t { unknown, counts, counts_each_call };
constexpr unsigned timer_count = whole + 1;

// Makes the budget whole: takes all that is left of it, in one call, as that many timers are over; then the host suspends before it
// tells of another one. By itself, since other pollables may not need a budget, and end the call without that.
// The number told in that one call.
unsigned renew(const wasi::RawHandle* timers) {
  uint32_t ready[timer_count];
  const auto told_now = static_cast<unsigned>(poll(timers, timer_count, ready));
  poll(timers, 1, ready);
  wasi::told_ready = 1;
  return told_now;
}

}  // namespace

bool was_cut() {
  constexpr unsigned surely_left = 120;  // not all that takes from it is seen
  static Host host;
  static wasi::RawHandle timers[timer_count];
  if (wasi::told_ready < surely_left || host == Host::counts_each_call) return false;
  if (host == Host::unknown) {
    for (wasi::RawHandle& timer : timers) timer = timer_in(1);
    uint32_t ready;
    poll(&timers[timer_count - 1], 1, &ready);  // it's over last: a host's timers come a little late
    renew(timers);
    host = renew(timers) < whole ? Host::counts : Host::counts_each_call;
    if (host == Host::counts_each_call)
      for (wasi::RawHandle timer : timers) wasi::raw::wps_pollable_drop(timer);
  } else {
    renew(timers);
  }
  return host == Host::counts;
}

}  // namespace budget

namespace {

// A host tells in whatever order it likes.
size_t without(size_t timer, uint32_t* ready, size_t found) {
  size_t kept = 0;
  for (size_t i = 0; i < found; ++i)
    if (ready[i] != timer) ready[kept++] = ready[i];
  return kept;
}

}  // namespace

bool is_ready(SourceId source) {
  const bool ready = wasi::raw::wps_pollable_ready(source) != 0;
  wasi::told_ready += ready;
  return ready;
}

size_t look(SourceId* sources, size_t count, uint32_t* ready) {
  const SourceId behind = sources[count];
  sources[count] = budget::elapsed_timer();
  const size_t found = budget::poll(sources, count + 1, ready);
  sources[count] = behind;
  return without(count, ready, found);
}

size_t sleep(SourceId* sources, size_t count, uint64_t instant, uint32_t* ready) {
  constexpr uint64_t longest = INT64_MAX;  // as long as the longest duration there is
  size_t listed = count;
  Source timer;
  if (instant == shortest_sleep) {
    timer = Source(timer_in(1));
  } else if (instant != UINT64_MAX) {
    timer = Source(wasi::raw::wps_monotonic_clock_subscribe_instant(instant));
  } else if (count == 0) {
    timer = Source(timer_in(longest));
  }
  const SourceId behind = sources[count];
  if (timer) sources[listed++] = timer.id();
  const size_t found = budget::poll(sources, listed, ready);
  sources[count] = behind;
  // A timer of no time may be over before the host looks, and then nobody has slept: the count goes on.
  if (found == 1 && ready[0] == count && instant != shortest_sleep) budget::begin();
  return without(count, ready, found);
}

bool give_turn(bool needs_budget, bool suspends) {
  constexpr unsigned surely_left = 100;  // not all that takes from it is seen
  if (!suspends && (!needs_budget || wasi::budget_spent < surely_left)) return false;
  Source fresh;
  if (suspends) fresh = Source(timer_in(1));
  // The elapsed timer makes a host without budget suspend, and a fresh one mostly any host; whether it did isn't known, so that the
  // count goes on.
  const wasi::RawHandle timer = suspends ? fresh.id() : budget::elapsed_timer();
  uint32_t ready;
  budget::poll(&timer, 1, &ready);
  return true;
}

}  // namespace posix_sockets::host
