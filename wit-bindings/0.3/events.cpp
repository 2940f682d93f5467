// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "wit-bindings/0.3/events.h"

#include <stdlib.h>
#include <string.h>

namespace posix_sockets::host {

using namespace wasi3;

// The table of what is under way, by the host's index. Indices are small, as the host gives the lowest free one.
class Events {
 public:
  static bool note(Flight& flight, RawHandle waitable);
  static void forget(RawHandle waitable) { flights_[waitable] = nullptr; }
  static void deliver(uint32_t event, RawHandle waitable, uint32_t result);
  static RawHandle set();

 private:
  static inline Flight** flights_;
  static inline RawHandle capacity_;
  static inline RawHandle set_;
};

RawHandle Events::set() {
  if (set_ == 0) set_ = wps3_set_new();
  return set_;
}

bool Events::note(Flight& flight, RawHandle waitable) {
  if (waitable >= capacity_) {
    const RawHandle larger = waitable < 32 ? 64 : waitable * 2;
    auto** memory = static_cast<Flight**>(realloc(flights_, larger * sizeof(Flight*)));
    if (memory == nullptr) return false;
    memset(memory + capacity_, 0, (larger - capacity_) * sizeof(Flight*));
    flights_ = memory;
    capacity_ = larger;
  }
  flights_[waitable] = &flight;
  return true;
}

void Events::deliver(uint32_t event, RawHandle waitable, uint32_t result) {
  const bool is_call = static_cast<Event>(event) == Event::subtask;
  if (is_call && result < static_cast<uint32_t>(Subtask::returned)) return;  // it has only started
  Flight* flight = waitable < capacity_ ? flights_[waitable] : nullptr;
  if (flight == nullptr) return;
  (void)flight->take_back();
  if (is_call) wps3_subtask_drop(waitable);
  flight->landed_(*flight, result);
}

bool Flight::take_off(RawHandle waitable) {
  if (!Events::note(*this, waitable)) return false;
  waitable_ = waitable;
  wps3_join(waitable, Events::set());
  return true;
}

RawHandle Flight::take_back() {
  const RawHandle waitable = waitable_;
  if (waitable == 0) return 0;
  waitable_ = 0;
  Events::forget(waitable);
  wps3_join(waitable, 0);
  return waitable;
}

Call::Begun Call::begin(uint32_t result) {
  const auto state = static_cast<Subtask>(result & 15);
  if (state == Subtask::returned) return Begun::returned;
  const RawHandle subtask = result >> 4;
  if (take_off(subtask)) return Begun::under_way;
  const bool returned = static_cast<Subtask>(wps3_subtask_cancel(subtask)) == Subtask::returned;
  wps3_subtask_drop(subtask);
  return returned ? Begun::returned : Begun::cancelled;
}

bool Call::cancel() {
  const RawHandle subtask = take_back();
  if (subtask == 0) return false;
  const bool returned = static_cast<Subtask>(wps3_subtask_cancel(subtask)) == Subtask::returned;
  wps3_subtask_drop(subtask);
  return returned;
}

namespace {

// The one timer of the host's, for all that the guest waits for by the clock. It's only replaced by an earlier one.
struct Alarm : Call {
  constexpr Alarm() : Call(rang) {}
  static void rang(Flight&, uint32_t) {}
  uint64_t instant = 0;
};
constinit Alarm alarm;

}  // namespace

void take_in() {
  uint32_t payload[2];
  for (;;) {
    const uint32_t event = wps3_set_poll(Events::set(), payload);
    if (static_cast<Event>(event) == Event::none) return;
    Events::deliver(event, payload[0], payload[1]);
  }
}

void take_turn() {
  (void)wps3_yield();
  take_in();
}

void sleep_until(uint64_t instant) {
  // The set mustn't be empty: nothing would ever end the wait.
  constexpr uint64_t longest = INT64_MAX;
  if (instant > longest) instant = longest;
  if (alarm.is_under_way() && alarm.instant > instant) (void)alarm.cancel();
  if (!alarm.is_under_way()) {
    alarm.instant = instant;
    if (alarm.begin(wps3_wait_until(instant)) != Call::Begun::under_way) return take_turn();
  }
  uint32_t payload[2];
  const uint32_t event = wps3_set_wait(Events::set(), payload);
  Events::deliver(event, payload[0], payload[1]);
  take_in();
}

}  // namespace posix_sockets::host
