// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "wait/poll_set.h"

#include <stdlib.h>
#include <string.h>

#include "wait/alarm.h"
#include "wit-bindings/budget.h"
#include "wit-bindings/clocks.h"

namespace posix_sockets {
namespace {

Upkeep upkeep;

// A timer that has long elapsed. Unlike a zero timer, it takes part in the host's cooperative budget: when that is used up
// this one isn't ready either, so the host suspends, starts afresh, and looks at the other pollables again.
const wasi::Pollable& elapsed_timer() {
  static wasi::RawHandle raw;
  if (raw == 0) raw = wasi::monotonic_clock::subscribe_duration(1).release();
  // Kept for the life of the program; static storage without a destructor.
  static_assert(sizeof(wasi::Pollable) == sizeof raw);
  return reinterpret_cast<const wasi::Pollable&>(raw);
}

// Times in a row that a program was told "not now" and didn't wait.
unsigned spins;

// One large block waits here for the next set that needs one, so that a program that waits for many allocates nothing.
wasi::RawHandle* spare;
size_t spare_capacity;

void give_back(wasi::RawHandle* block, size_t capacity) {
  if (capacity > spare_capacity) {
    free(spare);
    spare = block;
    spare_capacity = capacity;
  } else {
    free(block);
  }
}

}  // namespace

void set_upkeep(Upkeep function) { upkeep = function; }

// Sets mostly are on the stack, and one alone listens: a list of its own is cheap to walk. It's walked rather than believed that
// `this` is in it, since it's emptied before a handler runs.
void PollSet::listen() {
  for (const PollSet* set = listeners; set != nullptr; set = set->next_listener_)
    if (set == this) return;
  next_listener_ = listeners;
  listeners = this;
  wasi::before_pollable_drop = forget;
}

void PollSet::stop_listening() {
  for (PollSet** link = &listeners; *link != nullptr; link = &(*link)->next_listener_) {
    if (*link != this) continue;
    *link = next_listener_;
    break;
  }
  if (listeners == nullptr) wasi::before_pollable_drop = nullptr;
}

void PollSet::forget(wasi::RawHandle dropped) {
  for (PollSet* set = listeners; set != nullptr; set = set->next_listener_) {
    size_t kept = 0;
    for (size_t i = 0; i < set->count_; ++i) {
      if (set->handles_[i] == dropped) continue;
      set->handles_[kept] = set->handles_[i];
      set->tags_[kept++] = set->tags_[i];
    }
    if (kept != set->count_) set->lost_some_ = true;
    set->count_ = kept;
  }
}

// A handler may leave by longjmp, and then no set that waits here, or around here, is left by its destructor.
Interruption PollSet::ring() {
  if (!the_alarm.is_set()) return Interruption::none;
  listeners = nullptr;
  wasi::before_pollable_drop = nullptr;
  return the_alarm.ring_if_due();
}

PollSet::~PollSet() {
  stop_listening();
  if (handles_ != inline_handles_) give_back(handles_, capacity_);
}

void PollSet::clear() {
  count_ = 0;
  ready_count_ = 0;
  out_of_memory_ = lost_some_ = false;
  stop_listening();
}

bool PollSet::grow() {
  size_t capacity = capacity_ * 4;
  // One block for the three arrays, all of 4-byte elements.
  static_assert(sizeof(wasi::RawHandle) == sizeof(uint32_t));
  wasi::RawHandle* handles;
  if (spare_capacity >= capacity) {
    handles = spare;
    capacity = spare_capacity;
    spare = nullptr;
    spare_capacity = 0;
  } else {
    handles = static_cast<wasi::RawHandle*>(malloc(capacity * 3 * sizeof(wasi::RawHandle)));
    if (handles == nullptr) return false;
  }
  auto* numbers = reinterpret_cast<uint32_t*>(handles);
  memcpy(handles, handles_, count_ * sizeof *handles);
  memcpy(numbers + capacity, tags_, count_ * sizeof *tags_);
  if (handles_ != inline_handles_) give_back(handles_, capacity_);
  handles_ = handles;
  tags_ = numbers + capacity;
  ready_ = numbers + 2 * capacity;
  capacity_ = capacity;
  return true;
}

Errno PollSet::wait(Deadline deadline, bool may_ring) {
  static bool in_upkeep;
  if (!deadline.is_immediate()) {
    ++wait_count;
    spins = 0;
  }
  for (;;) {
    listen();
    // Upkeep itself looks at pollables, through other sets.
    if (upkeep != nullptr && !in_upkeep) {
      in_upkeep = true;
      upkeep(*this);
      in_upkeep = false;
    }
    const bool alarm_first = may_ring && the_alarm.due.instant < deadline.instant;
    const bool lost_some = lost_some_;
    const Deadline until = alarm_first ? the_alarm.due : deadline;
    const bool only_upkeep = wait_once(lost_some ? Deadline{Deadline::immediately} : until);
    stop_listening();
    while (count_ != 0 && tags_[count_ - 1] == upkeep_tag) --count_;
    if (out_of_memory_) return ENOMEM;
    const Interruption interruption = may_ring ? ring() : Interruption::none;
    if (interruption == Interruption::restart || interruption == Interruption::stop) return EINTR;
    if (interruption == Interruption::pending && ready_count_ == 0) return success;
    if (ready_count_ != 0 || lost_some) return success;
    if (!only_upkeep && !alarm_first) return ETIMEDOUT;
  }
}

// One host call. True: nothing of the caller's is ready, but something of upkeep's is.
bool PollSet::wait_once(Deadline deadline) {
  ready_count_ = 0;
  if (out_of_memory_) return false;
  const size_t timer_index = count_;
  size_t listed = count_;
  wasi::Pollable timer;
  if (deadline.is_immediate()) {
    if (count_ == 0) return false;
    handles_[listed++] = elapsed_timer().borrow();
  } else if (!deadline.is_never()) {
    timer = wasi::monotonic_clock::subscribe_instant(deadline.instant);
    handles_[listed++] = timer.borrow();
  } else if (count_ == 0) {
    // Nothing can ever become ready: sleep, as the kernel would, in the longest steps there are.
    timer = wasi::monotonic_clock::subscribe_duration(INT64_MAX);
    handles_[listed++] = timer.borrow();
  }
  const size_t ready = wasi::poll(handles_, listed, ready_);
  if (ready == 1 && ready_[0] == timer_index && timer) wasi::budget_spent = 0;  // it slept
  bool upkeep_ready = false;
  for (size_t i = 0; i < ready; ++i) {
    const uint32_t index = ready_[i];
    if (index >= timer_index) continue;  // the timer has no tag
    if (tags_[index] == upkeep_tag) {
      upkeep_ready = true;
    } else {
      ready_[ready_count_++] = index;
    }
  }
  return ready_count_ == 0 && upkeep_ready;
}

Errno wait_for(const wasi::Pollable& pollable, Deadline deadline) {
  PollSet set;
  set.add(pollable);
  return set.wait(deadline, false);
}

namespace {

// Looks at a timer that is over; `suspend`: waits for the host's shortest time instead, which is a true suspension.
void take_turn(bool suspend) {
  wasi::Pollable fresh;
  if (suspend) fresh = wasi::monotonic_clock::subscribe_duration(1);
  // The elapsed timer makes a host without budget suspend; whether this one did isn't known, so that the count goes on.
  const wasi::RawHandle timer = suspend ? fresh.borrow() : elapsed_timer().borrow();
  uint32_t ready;
  wasi::poll(&timer, 1, &ready);
  if (suspend) wasi::budget_spent = 0;
}

// Some hosts do their own work, such as finishing a write, only while the guest is truly suspended. A program that spins on
// calls that don't wait suspends now and then.
bool suspends_now() {
  constexpr unsigned spins_to_suspension = 64;
  return ++spins % spins_to_suspension == 0;
}

}  // namespace

bool gave_host_a_turn(bool needs_budget) {
  const bool suspend = suspends_now();
  if (!suspend && (!needs_budget || wasi::budget_spent < wasi::budget)) return false;
  take_turn(suspend);
  return true;
}

}  // namespace posix_sockets
