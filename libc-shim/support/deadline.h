// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Absolute points on the monotonic clock. A relative timeout becomes a Deadline once, at the entry of a call.
#pragma once

#include <stdint.h>

namespace posix_sockets {

// What CLOCK_MONOTONIC is ahead of the host's clock, which may start at 0 with the guest: programs take 0 for "not set", and
// "a minute ago" must be a time that there was. On Linux it counts from the boot; here, as if that were a day ago.
inline constexpr uint64_t monotonic_lead_s = 86400;

// Nanoseconds of wasi:clocks/monotonic-clock.
struct Deadline {
  static constexpr uint64_t never = UINT64_MAX;
  static constexpr uint64_t immediately = 0;

  uint64_t instant = never;

  constexpr bool is_never() const { return instant == never; }
  constexpr bool is_immediate() const { return instant == immediately; }

  // The instant `duration_ns` after `now_ns`; saturates to never.
  static constexpr Deadline after(uint64_t now_ns, uint64_t duration_ns) {
    if (duration_ns >= never - now_ns) return {never};
    return {now_ns + duration_ns};
  }
};

}  // namespace posix_sockets
