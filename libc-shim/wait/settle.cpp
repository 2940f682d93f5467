// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "wait/settle.h"

#include "wait/poll_set.h"
#include "wit-bindings/host.h"

namespace posix_sockets {
namespace {

constexpr uint32_t us = 1000;
constexpr uint32_t ms = 1000 * us;

// Nanoseconds.
constexpr uint32_t times[] = {
    0,          // look
    1000 * ms,  // binding
    5 * ms,     // first_room
    5 * ms,     // loopback_answer
    5 * ms,     // accepted_client
    5 * ms,     // arrival
    1 * ms,     // last_input
    20 * ms,    // early_end
    100 * ms,   // end_of_input
    1000 * ms,  // unsent_output
    5 * ms,     // standard_input
};
static_assert(sizeof times / sizeof times[0] == static_cast<size_t>(Settling::count));

// For this long after an arrival that didn't come none is waited for.
constexpr uint64_t impatience_ns = 20 * ms;

Deadline deadline_of(Settling reason) {
  const uint32_t time = times[static_cast<size_t>(reason)];
  if (time == 0) return {Deadline::immediately};
  return Deadline::after(host::now(), time);
}

bool wait_until(Deadline deadline, const Source* const* sources, size_t count) {
  PollSet set;
  for (size_t i = 0; i < count; ++i) set.add(*sources[i]);
  return set.settle(deadline);
}

}  // namespace

bool settle(Settling reason, const Source* const* sources, size_t count) {
  return wait_until(deadline_of(reason), sources, count);
}

bool settle(Settling reason, const Source& source) {
  const Source* const list[] = {&source};
  return settle(reason, list, 1);
}

bool SettlingTime::settle(const Source* const* sources, size_t count) {
  if (deadline_.is_never()) deadline_ = deadline_of(reason_);
  return wait_until(deadline_, sources, count);
}

bool SettlingTime::settle(const Source& source) {
  const Source* const list[] = {&source};
  return settle(list, 1);
}

bool settle_arrival(const Source* const* sources, size_t count, uint32_t& expected) {
  static uint64_t impatient_until;
  const uint64_t now = host::now();
  if (now < impatient_until) return false;
  if (wait_until(Deadline::after(now, times[static_cast<size_t>(Settling::arrival)]), sources, count)) return true;
  expected = 0;
  impatient_until = host::now() + impatience_ns;
  return false;
}

}  // namespace posix_sockets
