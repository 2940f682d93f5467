// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// clock_nanosleep, which libc's nanosleep, sleep and usleep come down to.
#include <time.h>

#include "api/entry.h"
#include "wait/alarm.h"
#include "wit-bindings/host.h"

using namespace posix_sockets;

namespace {

timespec time_until(Deadline deadline) {
  const uint64_t now = host::now();
  const uint64_t ns = deadline.instant > now ? deadline.instant - now : 0;
  timespec result = {};
  result.tv_sec = static_cast<decltype(result.tv_sec)>(ns / 1000000000);
  result.tv_nsec = static_cast<decltype(result.tv_nsec)>(ns % 1000000000);
  return result;
}

}  // namespace

extern "C" {

int WPS_ENTRY(clock_gettime)(clockid_t, timespec*);
int WPS_REAL(clock_nanosleep)(clockid_t, int, const timespec*, timespec*);
WPS_TAKE_FROM_LIBC(clock_nanosleep)

// clock_nanosleep(2): libc's. Errors: EINVAL; EFAULT; EINTR the alarm's handler ran. What sockets hold back leaves before
// the program sleeps, or while it does.
int WPS_ENTRY(clock_nanosleep)(clockid_t clock, int flags, const timespec* duration, timespec* left) {
  if (!accessible(duration)) return EFAULT;
  if (duration->tv_sec < 0 || duration->tv_nsec < 0 || duration->tv_nsec >= 1000000000) return EINVAL;
  // wasip2's libc sleeps by the monotonic clock only.
  const bool by_us = before_call != nullptr || the_alarm.is_set() || clock == CLOCK_REALTIME;
  if (by_us && (flags & TIMER_ABSTIME) == 0) {
    Result<Deadline> deadline = deadline_of(*duration);
    if (!deadline.ok()) return deadline.error().value();
    PollSet nothing;
    Errno waited = success;
    while (waited.ok()) waited = nothing.wait(deadline.value());  // a blocked signal doesn't end it
    if (!(waited == EINTR)) return 0;
    if (left != nullptr) *left = time_until(deadline.value());
    return EINTR;
  }
  if ((flags & TIMER_ABSTIME) != 0 && (clock == CLOCK_MONOTONIC || clock == CLOCK_REALTIME)) {
    timespec now;
    WPS_ENTRY(clock_gettime)(clock, &now);
    const int64_t borrow = duration->tv_nsec < now.tv_nsec ? 1 : 0;
    const int64_t seconds = static_cast<int64_t>(duration->tv_sec) - now.tv_sec - borrow;
    if (seconds < 0) return 0;  // past
    timespec rest = {};
    rest.tv_sec = static_cast<decltype(rest.tv_sec)>(seconds);
    rest.tv_nsec = static_cast<decltype(rest.tv_nsec)>(duration->tv_nsec - now.tv_nsec + borrow * 1000000000);
    Result<Deadline> deadline = deadline_of(rest);
    if (!deadline.ok()) return deadline.error().value();
    PollSet nothing;
    return nothing.wait(deadline.value()) == EINTR ? EINTR : 0;
  }
  ++wait_count;  // as time passes here, too
  return WPS_REAL(clock_nanosleep)(clock, flags, duration, left);
}

// sleep(3): seconds that were left, rounded down as by glibc, when the alarm's handler ran; else 0.
unsigned WPS_ENTRY(sleep)(unsigned seconds) {
  timespec duration = {};
  duration.tv_sec = static_cast<decltype(duration.tv_sec)>(seconds);
  timespec left = {};
  return WPS_ENTRY(clock_nanosleep)(CLOCK_REALTIME, 0, &duration, &left) == EINTR ? static_cast<unsigned>(left.tv_sec)
                                                                                  : 0;
}
}
