// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What was taken of a host's cooperative budget. Such a host lets a guest have 128 successes without a suspension; then
// nothing is ready, nobody waits to be accepted, and there is no room, until the guest suspends.
#pragma once

namespace wasi {

// At the most, since the last suspension that is known of. The bindings count, who waits sets it back.
inline unsigned budget_spent;

// Successes, at the most, since that suspension: pollables that were ready, connections, room. What some hosts count is this alone,
// not what was asked about.
inline unsigned told_ready;

inline void count_success() {
  ++budget_spent;
  ++told_ready;
}

// Less than a host's own, as not all that takes from it is seen.
inline constexpr unsigned budget = 100;

}  // namespace wasi
