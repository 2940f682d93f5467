// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The program's end: what is waited for while something that send() accepted has still to go, and how long.
#pragma once

#include "wait/poll_set.h"
#include "wit-bindings/host.h"

namespace posix_sockets {

// In rounds: begin_round(), a drain_step() of each socket, wait().
struct Ending {
  PollSet set;                    // what may happen next
  uint64_t left = 0;              // becomes less whenever something gets on
  uint64_t usual_wait_ns = 0;     // how long nothing may get on without SO_LINGER
  bool knows_usual_wait = false;  // as asking for it is work

  void begin_round() {
    set.clear();
    left = until_ = 0;
  }

  // A socket has something left, and gives up `longest_ns` after something got on the last time; that was at `progressed`,
  // or 0: not before the end began.
  void wait_for(uint64_t progressed, uint64_t longest_ns) {
    if (begun_ == 0) begun_ = host::now();
    if (progressed == 0) progressed = begun_;
    const Deadline deadline = Deadline::after(progressed > progressed_ ? progressed : progressed_, longest_ns);
    if (deadline.instant > until_) until_ = deadline.instant;
  }

  // Waits until another round is worth it. False: there is nothing left, or all that is must be given up.
  bool wait() {
    if (left == 0) return false;
    if (left < left_before_ && left_before_ != UINT64_MAX) {
      progressed_ = host::now();
      left_before_ = left;
      return true;  // the others have as much time again
    }
    left_before_ = left;
    return host::now() < until_ && set.wait({until_}, false).ok();
  }

 private:
  uint64_t begun_ = 0;
  uint64_t progressed_ = 0;
  uint64_t until_ = 0;
  uint64_t left_before_ = UINT64_MAX;
};

}  // namespace posix_sockets
