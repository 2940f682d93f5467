// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How often a busy program asks the host about all the descriptors that it waits for.
#pragma once

#include "wait/busy_poll.h"
#include "wait/poll_set.h"

namespace posix_sockets {

// While some of a set is known to be ready, asking about the rest takes a ninth of the time at the most, and comes after 2 ms at
// the latest: a busy socket among thousands of idle ones doesn't pay for them each time.
class Pace {
 public:
  // Nothing is known: waits for `set`. May tell of one alone that is ready, as often as the others needn't be asked about.
  // Errors as PollSet::wait().
  Errno wait(PollSet& set, Deadline deadline);
  // Something is known: looks at `set` without waiting, or only does what is done before a wait, if that look was a moment ago.
  Errno ask(PollSet& set);
  // The same, in any case.
  Errno ask_now(PollSet& set);

 private:
  Errno ask_at(uint64_t begin, PollSet& set);

  uint64_t next_ = 0;  // the instant of the monotonic clock before which the host needn't be asked again
  BusyPoll busy_poll_;
};

}  // namespace posix_sockets
