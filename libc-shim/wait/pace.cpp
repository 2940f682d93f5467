// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "wait/pace.h"

#include "wit-bindings/host.h"

namespace posix_sockets {
namespace {

// Of a smaller set a look at all is as cheap.
constexpr size_t fewest_to_look = 64;

}  // namespace

Errno Pace::wait(PollSet& set, Deadline deadline) {
  if (deadline.is_immediate() || set.size() < fewest_to_look) return set.wait(deadline);
  if (busy_poll_.may_look(set)) {
    // What was held back leaves first.
    PollSet nothing;
    const Errno kept_up = nothing.look();
    if (kept_up == EINTR) return kept_up;
    const size_t found = busy_poll_.watches(set) ? busy_poll_.look() : BusyPoll::nothing;
    if (found != BusyPoll::nothing) {
      const uint64_t now = host::now();
      if (now >= next_ && ask_at(now, set).ok()) return success;
      set.tell(found);
      return success;
    }
  }
  const Errno waited = set.wait(deadline);
  if (!(waited == EINTR)) busy_poll_.learn(set);
  return waited;
}

Errno Pace::ask(PollSet& set) {
  const uint64_t now = host::now();
  if (now >= next_) return ask_at(now, set);
  set.tell_nothing();
  PollSet nothing;
  return nothing.look();
}

Errno Pace::ask_now(PollSet& set) { return ask_at(host::now(), set); }

Errno Pace::ask_at(uint64_t begin, PollSet& set) {
  constexpr uint64_t longest_ns = 2000000;
  const Errno waited = set.look();
  if (waited == EINTR) return waited;
  const uint64_t end = host::now();
  const uint64_t pause = 8 * (end - begin);
  next_ = end + (pause < longest_ns ? pause : longest_ns);
  return waited;
}

}  // namespace posix_sockets
