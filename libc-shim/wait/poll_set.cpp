// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "wait/poll_set.h"

#include <stdlib.h>
#include <string.h>

#include "support/memory.h"
#include "wait/alarm.h"
#include "wit-bindings/host.h"

namespace posix_sockets {
namespace {

BeforeWait* before_waits;

// Times in a row that a program was told "not now" and didn't wait.
unsigned spins;

// Some hosts do their own work, such as finishing a write, only while the guest is truly suspended. A program that spins on
// calls that don't wait suspends now and then.
bool suspends_now() {
  constexpr unsigned spins_to_suspension = 64;
  return ++spins % spins_to_suspension == 0;
}

// An instant that never is over at once: the shortest sleep.
constexpr Deadline shortest = {host::shortest_sleep};

// One large block waits here for the next set that needs one, so that a program that waits for many allocates nothing.
uintptr_t* spare;
size_t spare_capacity;

void give_back(uintptr_t* block, size_t capacity) {
  if (capacity > spare_capacity) {
    free(spare);
    spare = block;
    spare_capacity = capacity;
  } else {
    free(block);
  }
}

}  // namespace

void time_passes() {
  ++wait_count;
  spins = 0;
}

void BeforeWait::enlist() {
  for (const BeforeWait* each = before_waits; each != nullptr; each = each->next_)
    if (each == this) return;
  next_ = before_waits;
  before_waits = this;
}

void BeforeWait::leave() {
  for (BeforeWait** link = &before_waits; *link != nullptr; link = &(*link)->next_) {
    if (*link != this) continue;
    *link = next_;
    return;
  }
}

// Sets mostly are on the stack, and one alone listens: a list of its own is cheap to walk. It's walked rather than believed that
// `this` is in it, since it's emptied before a handler runs.
void PollSet::listen() {
  if (lost_ != nullptr) return;
  for (const PollSet* set = listeners; set != nullptr; set = set->next_listener_)
    if (set == this) return;
  next_listener_ = listeners;
  listeners = this;
  hear_or_not();
}

void PollSet::stop_listening() {
  for (PollSet** link = lost_ != nullptr ? &standing_sets : &listeners; *link != nullptr;
       link = &(*link)->next_listener_) {
    if (*link != this) continue;
    *link = next_listener_;
    break;
  }
  hear_or_not();
}

void PollSet::hear_or_not() {
  host::before_source_goes = listeners != nullptr || standing_sets != nullptr ? forget : nullptr;
}

void PollSet::forget(host::SourceId dropped) {
  for (PollSet* set = listeners; set != nullptr; set = set->next_listener_) set->forget_here(dropped);
  if (standing_sets != nullptr) forget_standing(dropped);
}

void PollSet::forget_here(host::SourceId id) {
  size_t kept = 0;
  for (size_t i = 0; i < count_; ++i) {
    if (handles_[i] == id) continue;
    handles_[kept] = handles_[i];
    tags_[kept++] = tags_[i];
  }
  if (kept != count_) lost_some_ = true;
  count_ = kept;
}

// A handler may leave by longjmp, and then no set that waits here, or around here, is left by its destructor.
Interruption PollSet::ring() {
  if (!the_alarm.is_set()) return Interruption::none;
  listeners = nullptr;
  hear_or_not();
  return the_alarm.ring_if_due();
}

PollSet::~PollSet() {
  stop_listening();
  if (lost_ != nullptr) {
    free(next_);
    free(id_counts_);
  }
  if (handles_ != inline_handles_) give_back(tags_, capacity_);
}

void PollSet::clear() {
  count_ = 0;
  ready_count_ = 0;
  out_of_memory_ = lost_some_ = false;
  stop_listening();
}

bool PollSet::grow() {
  const size_t capacity = capacity_ * 4;
  // One block for the three arrays.
  static_assert(sizeof(host::SourceId) == sizeof(uint32_t));
  uintptr_t* tags;
  if (spare_capacity >= capacity) {
    tags = spare;
    spare = nullptr;
    const size_t all = spare_capacity;
    spare_capacity = 0;
    return take_block(tags, all);
  }
  tags = static_cast<uintptr_t*>(malloc(capacity * (sizeof *tags + sizeof *handles_ + sizeof *ready_)));
  return tags != nullptr && take_block(tags, capacity);
}

bool PollSet::take_block(uintptr_t* tags, size_t capacity) {
  if (lost_ != nullptr) {
    auto* next = static_cast<uint32_t*>(resize(next_, count_ * sizeof *next_, capacity * sizeof *next_));
    if (next == nullptr) {
      free(tags);
      return false;
    }
    next_ = next;
  }
  auto* numbers = reinterpret_cast<host::SourceId*>(tags + capacity);
  memcpy(tags, tags_, count_ * sizeof *tags_);
  memcpy(numbers, handles_, count_ * sizeof *handles_);
  if (handles_ != inline_handles_) give_back(tags_, capacity_);
  tags_ = tags;
  handles_ = numbers;
  ready_ = reinterpret_cast<uint32_t*>(numbers + capacity);
  capacity_ = capacity;
  return true;
}

bool PollSet::append(host::SourceId id, uintptr_t tag) {
  // One slot stays free for the timer.
  if (count_ + 1 >= capacity_ && !grow()) {
    out_of_memory_ = true;
    return false;
  }
  handles_[count_] = id;
  tags_[count_] = tag;
  ++count_;
  return true;
}

// What is held back leaves, and what is left of it is waited for, too.
void PollSet::prepare() {
  listen();
  for (const BeforeWait* each = before_waits; each != nullptr; each = each->next_) each->run(*this);
}

// Takes out what prepare() added.
void PollSet::end_round() {
  if (lost_ == nullptr) stop_listening();
  while (count_ != 0 && tags_[count_ - 1] == own_tag) --count_;
}

// As wait_once(). Of a look that may sleep: one that finds nothing sleeps now and then.
bool PollSet::wait_or_look(Deadline until, bool is_look, bool may_sleep) {
  const bool only_own = wait_once(until);
  const bool sleeps = is_look && may_sleep && ready_count_ == 0 && count_ != 0 && suspends_now();
  return sleeps ? wait_once(shortest) : only_own;
}

Errno PollSet::wait(Deadline deadline, bool may_ring, bool may_sleep) {
  if (!deadline.is_immediate()) time_passes();
  for (;;) {
    prepare();
    const bool alarm_first = may_ring && the_alarm.due.instant < deadline.instant;
    const bool lost_some = lost_some_;
    const Deadline until = alarm_first ? the_alarm.due : deadline;
    const bool only_own =
        wait_or_look(lost_some ? Deadline{Deadline::immediately} : until, deadline.is_immediate(), may_sleep);
    end_round();
    if (out_of_memory_) return ENOMEM;
    const Interruption interruption = may_ring ? ring() : Interruption::none;
    if (interruption == Interruption::restart || interruption == Interruption::stop) return EINTR;
    if (interruption == Interruption::pending || ready_count_ != 0 || lost_some) return success;
    if (!only_own && !alarm_first) return ETIMEDOUT;
  }
}

bool PollSet::settle(Deadline deadline) {
  if (!deadline.is_immediate()) time_passes();
  (void)wait_once(deadline);
  return ready_count_ != 0;
}

void PollSet::look_once() {
  if (see_all != nullptr) {
    ready_count_ = see_all(handles_, count_, ready_, 0, false);
  } else if (count_ != 0) {
    ready_count_ = host::look(handles_, count_, ready_);
  }
}

void PollSet::sleep_once(Deadline deadline) {
  ready_count_ = host::sleep(handles_, count_, deadline.instant, ready_);
  if (see_all != nullptr && ready_count_ != 0) ready_count_ = see_all(handles_, count_, ready_, ready_count_, true);
}

// True: nothing of the caller's is ready, but something is that was added before the wait.
bool PollSet::wait_once(Deadline deadline) {
  ready_count_ = 0;
  if (out_of_memory_) return false;
  if (deadline.is_immediate()) {
    look_once();
  } else {
    sleep_once(deadline);
  }
  bool own_ready = false;
  size_t kept = 0;
  for (size_t i = 0; i < ready_count_; ++i) {
    const uint32_t index = ready_[i];
    if (tags_[index] == own_tag) {
      own_ready = true;
    } else {
      ready_[kept++] = index;
    }
  }
  ready_count_ = kept;
  return kept == 0 && own_ready;
}

Errno wait_for(const host::Source& source, Deadline deadline) {
  PollSet set;
  set.add(source);
  return set.wait(deadline, false);
}

bool gave_host_a_turn(bool needs_budget) { return host::give_turn(needs_budget, suspends_now()); }

}  // namespace posix_sockets
