// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "wait/pace.h"

#include "wit-bindings/clocks.h"

namespace posix_sockets {

Errno Pace::ask(PollSet& set) {
  if (wasi::monotonic_clock::now() >= next_) return ask_now(set);
  set.clear();
  return set.wait(Deadline{Deadline::immediately});
}

Errno Pace::ask_now(PollSet& set) {
  constexpr uint64_t longest_ns = 2000000;
  const uint64_t begin = wasi::monotonic_clock::now();
  const Errno waited = set.wait(Deadline{Deadline::immediately});
  const uint64_t end = wasi::monotonic_clock::now();
  const uint64_t pause = 2 * (end - begin);
  next_ = end + (pause < longest_ns ? pause : longest_ns);
  return waited;
}

}  // namespace posix_sockets
