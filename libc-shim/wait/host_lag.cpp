// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "wait/host_lag.h"

#include "wit-bindings/clocks.h"

namespace posix_sockets {

bool host_notices(PollSet& set, uint32_t& expected) {
  constexpr uint64_t longest_ns = 5000000;
  constexpr uint64_t pause_ns = 20000000;
  static uint64_t impatient_until;
  const uint64_t now = wasi::monotonic_clock::now();
  if (now < impatient_until) return false;
  if (set.wait(Deadline::after(now, longest_ns), false).ok()) return true;
  expected = 0;
  impatient_until = wasi::monotonic_clock::now() + pause_ns;
  return false;
}

}  // namespace posix_sockets
