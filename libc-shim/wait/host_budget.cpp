// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "wait/host_budget.h"

#include "wit-bindings/budget.h"
#include "wit-bindings/clocks.h"

namespace posix_sockets {
namespace {

constexpr unsigned whole = 128;
// A little less than the whole, as not all that takes from it is seen.
constexpr unsigned surely_left = 120;
constexpr unsigned timer_count = whole + 1;

enum class Host : uint8_t { unknown, counts, counts_each_call };

// Makes the budget whole: takes all that is left of it, in one call, as that many timers are over; then the host suspends before
// it tells of another one. By itself, since other pollables may not need a budget, and end the call without that.
// The number told in that one call.
unsigned renew(const wasi::RawHandle* timers) {
  uint32_t ready[timer_count];
  const auto told = static_cast<unsigned>(wasi::poll(timers, timer_count, ready));
  wasi::poll(timers, 1, ready);
  wasi::told_ready = 1;
  return told;
}

}  // namespace

const wasi::Pollable& elapsed_timer() {
  static wasi::RawHandle raw;
  if (raw == 0) raw = wasi::monotonic_clock::subscribe_duration(1).release();
  // Kept for the life of the program; static storage without a destructor.
  static_assert(sizeof(wasi::Pollable) == sizeof raw);
  return reinterpret_cast<const wasi::Pollable&>(raw);
}

bool was_cut() {
  static Host host;
  static wasi::RawHandle timers[timer_count];
  if (wasi::told_ready < surely_left || host == Host::counts_each_call) return false;
  if (host == Host::unknown) {
    for (wasi::RawHandle& timer : timers) timer = wasi::monotonic_clock::subscribe_duration(1).release();
    uint32_t ready;
    wasi::poll(&timers[timer_count - 1], 1, &ready);  // it's over last: a host's timers come a little late
    renew(timers);
    host = renew(timers) < whole ? Host::counts : Host::counts_each_call;
    if (host == Host::counts_each_call)
      for (wasi::RawHandle& timer : timers) wasi::Pollable gone(timer);
  } else {
    renew(timers);
  }
  return host == Host::counts;
}

}  // namespace posix_sockets
