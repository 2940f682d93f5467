// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The one place that waits. Whoever blocks collects pollables in a PollSet and waits on it until an absolute deadline.
#pragma once

#include <stdint.h>

#include "support/deadline.h"
#include "support/result.h"
#include "wit-bindings/io.h"

namespace posix_sockets {

inline uint32_t wait_count;  // waits so far that let time pass

// Borrowed pollables, each with a tag of the caller's. Room for a few is inside, for more it's allocated.
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

  // Adds `pollable`, which must outlive the next wait. Errors are kept and reported by wait().
  void add(const wasi::Pollable& pollable, uint32_t tag = 0);

  // Waits until a pollable is ready. An immediate deadline looks once without waiting; an empty set waits for the deadline.
  // ETIMEDOUT: none is ready by the deadline. EINTR: the alarm rang, if it may. ENOMEM: no memory for the set. Success with
  // none ready: a blocked signal came, which something in the guest may wait for.
  Errno wait(Deadline deadline, bool may_ring = true);

  // After a successful wait: the tags of the ready ones.
  size_t ready_count() const { return ready_count_; }
  uint32_t ready_tag(size_t index) const { return tags_[ready_[index]]; }

 private:
  static constexpr size_t inline_capacity = 8;

  bool grow();
  bool wait_once(Deadline deadline);

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
};

// Waits for one pollable. ETIMEDOUT: not ready by the deadline.
Errno wait_for(const wasi::Pollable& pollable, Deadline deadline);

// Lets the host run what it has to do. A host that ran out of its cooperative budget shows nothing as ready until the guest
// suspends once: call this before believing that there is nothing to accept or no room to send.
void yield_to_host();

// Runs before every wait, and may add pollables to it with PollSet::upkeep_tag: what was held back leaves before a program
// waits.
using Upkeep = void (*)(PollSet& set);
void set_upkeep(Upkeep upkeep);

}  // namespace posix_sockets
