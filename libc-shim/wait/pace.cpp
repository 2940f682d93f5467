// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "wait/pace.h"

#include "wit-bindings/clocks.h"

namespace posix_sockets {

Errno Pace::ask(PollSet& set) {
  const uint64_t now = wasi::monotonic_clock::now();
  if (now >= next_) return ask_at(now, set);
  set.clear();
  return set.wait(Deadline{Deadline::immediately});
}

Errno Pace::ask_now(PollSet& set) { return ask_at(wasi::monotonic_clock::now(), set); }

Errno Pace::ask_at(uint64_t begin, PollSet& set) {
  constexpr uint64_t longest_ns = 2000000;
  const Errno waited = set.wait(Deadline{Deadline::immediately});
  const uint64_t end = wasi::monotonic_clock::now();
  const uint64_t pause = 2 * (end - begin);
  next_ = end + (pause < longest_ns ? pause : longest_ns);
  return waited;
}

}  // namespace posix_sockets
