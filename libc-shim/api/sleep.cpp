// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// clock_nanosleep, which libc's nanosleep, sleep and usleep come down to.
#include <time.h>

#include "api/entry.h"
#include "wit-bindings/clocks.h"

using namespace posix_sockets;

extern "C" {

int WPS_REAL(clock_nanosleep)(clockid_t, int, const timespec*, timespec*);

// clock_nanosleep(2): libc's. What sockets hold back leaves before the program sleeps, or while it does.
int WPS_ENTRY(clock_nanosleep)(clockid_t clock, int flags, const timespec* duration, timespec* left) {
  if (!accessible(duration)) return EFAULT;
  if (duration->tv_sec < 0 || duration->tv_nsec < 0 || duration->tv_nsec >= 1000000000) return EINVAL;
  if (before_call != nullptr && flags == 0) {
    Result<Deadline> deadline = deadline_of(*duration);
    if (!deadline.ok()) return deadline.error().value();
    PollSet nothing;
    (void)nothing.wait(deadline.value());
    return 0;
  }
  timespec instant = *duration;
  if (clock == CLOCK_MONOTONIC && (flags & TIMER_ABSTIME) != 0) {
    if (instant.tv_sec < static_cast<time_t>(monotonic_lead_s)) return 0;  // long ago
    instant.tv_sec -= monotonic_lead_s;
  }
  return WPS_REAL(clock_nanosleep)(clock, flags, &instant, left);
}
}
