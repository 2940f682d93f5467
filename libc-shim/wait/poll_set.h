// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The one place that waits. Whoever blocks collects pollables in a PollSet and waits on it until an absolute deadline.
#pragma once

#include <stdint.h>

#include "support/deadline.h"
#include "support/result.h"
#include "wait/alarm.h"
#include "wit-bindings/budget.h"
#include "wit-bindings/io.h"

namespace posix_sockets {

inline uint32_t wait_count;  // waits so far that let time pass
// Such a wait begins.
void time_passes();

// Borrowed pollables, each with a tag of the caller's. Room for a few is inside, for more it's allocated.
//
// What is borrowed may be dropped before the wait is over: while others are gathered (a timer expires, a connect turns out to be
// through), or by what runs before a wait. The set hears of it from the first add() to the end of wait(), forgets the pollable, and
// doesn't sleep then: it says success, perhaps with none ready, and the caller gathers again what is there now.
class PollSet {
 public:
  // The tag of pollables that upkeep adds: when one is ready, upkeep runs again and the wait goes on.
  static constexpr uint32_t upkeep_tag = UINT32_MAX;

  PollSet() = default;
  ~PollSet();
  PollSet(const PollSet&) = delete;
  PollSet& operator=(const PollSet&) = delete;

  void clear();
  bool empty() const { return count_ == 0; }

  // Adds `source`. Errors are kept and reported by wait().
  void add(const host::Source& source, uint32_t tag = 0) {
    if (count_ == 0) listen();
    // One slot stays free for the timer.
    if (count_ + 1 >= capacity_ && !grow()) {
      out_of_memory_ = true;
      return;
    }
    handles_[count_] = source.id();
    tags_[count_] = tag;
    ++count_;
  }

  // Waits until a pollable is ready. An immediate deadline looks once without waiting; an empty set waits for the deadline.
  // ETIMEDOUT: none is ready by the deadline. EINTR: the alarm's handler ran, if it may ring; the handler may have closed anything,
  // the owner of this very set included, so that nothing of either may be touched any more. ENOMEM: no memory for the set. Success
  // with none ready: a blocked signal came, which something in the guest may wait for, or a pollable was dropped.
  //
  // A host notices what other processes did only while the guest sleeps, if both share a busy machine. So a program that looks
  // again and again without waiting, and finds nothing, sleeps for the shortest time there is now and then.
  Errno wait(Deadline deadline, bool may_ring = true) { return wait(deadline, may_ring, may_ring); }
  // Looks once, as something is known already that the program can do.
  Errno look() { return wait(Deadline{Deadline::immediately}, true, false); }

  // Whether more may be ready than a successful wait tells. A host's budget suffices for part of a large set; it stops there
  // when something in that part is ready.
  bool may_lack_ready() const { return !complete_ && ready_count_ > 1 && count_ > wasi::budget; }

  // Whoever waits for several descriptors sets the first to the second: then what a host tells in part is completed.
  static inline void (*see_all)(PollSet& set, bool waited);
  static void complete(PollSet& set, bool waited);

  const wasi::RawHandle* pollables() const { return handles_; }
  size_t size() const { return count_; }
  // As if a wait had told of the one at `index` alone.
  void tell(size_t index) {
    ready_[0] = static_cast<uint32_t>(index);
    ready_count_ = 1;
  }
  // After a wait: where the first of the ready ones is; size() if none is.
  size_t first_ready() const { return ready_count_ != 0 ? ready_[0] : count_; }

  // After a successful wait: the tags of the ready ones.
  size_t ready_count() const { return ready_count_; }
  uint32_t ready_tag(size_t index) const { return tags_[ready_[index]]; }

 private:
  static constexpr size_t inline_capacity = 8;
  // As many as a look in one host call tells the truth of: with the timer, they stay within a host's 128.
  static constexpr size_t look_size = 120;

  bool grow();
  Errno wait(Deadline deadline, bool may_ring, bool may_sleep);
  bool wait_once(Deadline deadline);
  void look(size_t first, size_t size);
  void look_at_part(size_t first, size_t size);
  void look_at_all();
  void look_at_hidden();
  // Between these two the set hears of pollables that are dropped.
  void listen();
  void stop_listening();
  static void forget(wasi::RawHandle dropped);
  // Rings the alarm, if its time has come.
  static Interruption ring();

  static inline PollSet* listeners;

  wasi::RawHandle inline_handles_[inline_capacity];
  uint32_t inline_tags_[inline_capacity];
  uint32_t inline_ready_[inline_capacity];
  wasi::RawHandle* handles_ = inline_handles_;
  uint32_t* tags_ = inline_tags_;
  uint32_t* ready_ = inline_ready_;
  size_t capacity_ = inline_capacity;
  size_t count_ = 0;
  size_t ready_count_ = 0;
  bool out_of_memory_ = false;
  bool complete_ = false;   // the last look was at all of it, part by part
  bool lost_some_ = false;  // which were dropped
  PollSet* next_listener_ = nullptr;
};

// Waits for one pollable. ETIMEDOUT: not ready by the deadline.
Errno wait_for(const host::Source& source, Deadline deadline);

// Whether "not now" from the host may only mean that its cooperative budget is used up, or that it had no chance to do its own
// work; then it has had that when this returns, and asking again tells the truth. Mostly false, without a host call.
// `needs_budget`: the operation is one that takes from the budget, as accepting does and reading doesn't.
bool gave_host_a_turn(bool needs_budget);

// Runs before every wait, and may add pollables to it with PollSet::upkeep_tag: what was held back leaves before a program
// waits.
using Upkeep = void (*)(PollSet& set);
void set_upkeep(Upkeep upkeep);

}  // namespace posix_sockets
