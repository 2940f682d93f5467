// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Events that edge-triggered interests are told of, counted and in the order of their coming.
#pragma once

#include <stdint.h>

namespace posix_sockets {

// Counts what edge-triggered interests are told again for, and keeps when that came: events are told in the order of their
// coming. Instants number the events of the whole program, from 1 on.
class EdgeCounter {
 public:
  operator uint32_t() const { return count_; }
  [[gnu::noinline]] void count() {
    ++count_;
    latest_ = next_instant();
    if (first_ == 0) first_ = latest_;
  }
  // For sums, without an event.
  void operator+=(uint32_t number) { count_ += number; }
  void operator-=(uint32_t number) { count_ -= number; }

  // The first event after instant `seen`; 0: none. With several watchers it may be a later one.
  uint32_t first_after(uint32_t seen) const { return first_ > seen ? first_ : latest_ > seen ? latest_ : 0; }
  // The only watcher has seen all of them.
  void forget() { first_ = 0; }

  static uint32_t next_instant() { return ++now_; }
  static uint32_t now() { return now_; }

 private:
  static inline uint32_t now_;

  uint32_t count_ = 0;
  uint32_t first_ = 0;
  uint32_t latest_ = 0;
};

}  // namespace posix_sockets
