// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Looking again and again at what is likely to become ready soon, instead of sleeping: what Linux calls busy polling
// (net.core.busy_poll). A wait that sleeps costs the host two looks at each pollable of a set, and being woken.
#pragma once

#include "wait/poll_set.h"

namespace posix_sockets {

// Watches one pollable of a set, the one that was ready last. Looking begins once it ended several quick waits in a row; each
// time in vain doubles the number of waits that sleep at once before the next attempt, up to 1024. So a program whose peer is
// far, or shares the only processor with it, hardly ever looks.
class BusyPoll {
 public:
  // Before a wait for `set`. False: sleep at once.
  bool may_look(const PollSet& set);
  // Whether the pollable is still where it was. It may have been dropped.
  bool watches(const PollSet& set) const { return index_ < set.size() && set.pollables()[index_] == watched_; }
  // Then: the index of the one that is ready, or `nothing`: sleep.
  size_t look();
  // After a wait that slept.
  void learn(const PollSet& set);

  static constexpr size_t nothing = SIZE_MAX;

 private:
  size_t index_ = 0;  // in the set, where it stays as a program's sets mostly are the same
  host::SourceId watched_ = 0;
  uint64_t begun_ = 0;       // the instant when a wait that is measured began; 0: it isn't
  uint8_t quick_waits_ = 0;  // in a row
  uint8_t finds_ = 0;        // since a wait slept
  uint16_t rest_ = 0;        // waits until the next attempt
  uint16_t next_rest_ = 1;
};

}  // namespace posix_sockets
