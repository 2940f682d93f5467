// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What is under way in the host, and how the guest hears that it's done: one set of waitables for the whole program.
#pragma once

#include <stdint.h>

#include "support/deadline.h"
#include "wit-bindings/0.3/raw.h"

namespace posix_sockets::host {

// A read, a write or a call that the host has begun. It stays where it is until it has landed or was taken back, as the host writes to what
// belongs to it.
class Flight {
 public:
  // Called with what the event says; then it's no longer under way.
  using Landed = void (*)(Flight& flight, uint32_t result);
  explicit constexpr Flight(Landed landed) : landed_(landed) {}
  Flight(const Flight&) = delete;
  Flight& operator=(const Flight&) = delete;

  bool is_under_way() const { return waitable_ != 0; }
  // From now on the set has it. False: no memory to note it; then it must be cancelled.
  [[nodiscard]] bool take_off(wasi3::RawHandle waitable);
  // Takes it out of the set, as whoever cancels it must do first: what it was.
  wasi3::RawHandle take_back();

 private:
  friend class Events;
  Landed landed_;
  wasi3::RawHandle waitable_ = 0;
};

// A call: lands when it returned. The subtask is gone then.
class Call : public Flight {
 public:
  using Flight::Flight;
  // What the call itself said: whether it has returned. If not, it's under way; without memory it's cancelled, and `cancelled`.
  enum class Begun : uint8_t { returned, under_way, cancelled };
  Begun begin(uint32_t result);
  // True: it had returned all the same.
  bool cancel();
};

// Hears of what has landed, without giving the host a turn.
void take_in();
// Lets the host's own work go on, and hears of what has landed.
void take_turn();
// Sleeps until something lands, or until about `instant`: it may be earlier.
void sleep_until(uint64_t instant);

}  // namespace posix_sockets::host
