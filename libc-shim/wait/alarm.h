// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The one signal that comes by itself: that of setitimer(ITIMER_REAL) and alarm(). Nothing interrupts a guest, so it comes
// when the program waits: a wait that the instant falls into, or that begins after it, ends with EINTR once the handler ran.
#pragma once

#include "support/deadline.h"

namespace posix_sockets {

enum class Interruption : uint8_t {
  none,     // no handler ran: the wait goes on
  pending,  // the signal is blocked: whoever waits for pending signals looks again
  restart,  // one ran that asks for calls that can to go on (SA_RESTART)
  stop,
};

struct Alarm {
  Deadline due;                                         // never: none is set
  Interruption (*ring)() = nullptr;                     // sends the signal, and sets the alarm anew or off
  Interruption last_interruption = Interruption::none;  // of the last wait that ended with EINTR

  bool is_set() const { return !due.is_never(); }
  Interruption ring_if_due();
};
// Not by code: a program's constructors may wait before that ran.
inline constinit Alarm the_alarm;

}  // namespace posix_sockets
