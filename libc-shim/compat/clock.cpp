// Setting clocks and asking for signals at a time. WASI can do neither.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "fail.h"

using posix_sockets::compat::fail;

namespace {

bool known_timer(int which) { return which == ITIMER_REAL || which == ITIMER_VIRTUAL || which == ITIMER_PROF; }
bool is_zero(const struct timeval& time) { return time.tv_sec == 0 && time.tv_usec == 0; }
bool is_valid(const struct timeval& time) { return time.tv_sec >= 0 && time.tv_usec >= 0 && time.tv_usec < 1000000; }

}  // namespace

extern "C" {

// EPERM: it takes a privilege.
int clock_settime(clockid_t, const struct timespec*) { return fail(EPERM); }
int settimeofday(const struct timeval*, const struct timezone*) { return fail(EPERM); }

// No timer ever runs, so 0 is what was left of it. alarm has no way to fail but errno: ENOSYS, unless it stops one.
unsigned alarm(unsigned seconds) {
  if (seconds != 0) errno = ENOSYS;
  return 0;
}
unsigned ualarm(unsigned first, unsigned) {
  if (first != 0) errno = ENOSYS;
  return 0;
}

// EINVAL: no such timer. EFAULT: null.
int getitimer(int which, struct itimerval* value) {
  if (!known_timer(which)) return fail(EINVAL);
  if (value == nullptr) return fail(EFAULT);
  *value = {};
  return 0;
}

// EINVAL: no such timer, or a time out of range. ENOSYS: starting one. Stopping one succeeds.
int setitimer(int which, const struct itimerval* value, struct itimerval* previous) {
  if (!known_timer(which)) return fail(EINVAL);
  if (value != nullptr) {
    if (!is_valid(value->it_value) || !is_valid(value->it_interval)) return fail(EINVAL);
    if (!is_zero(value->it_value)) return fail(ENOSYS);
  }
  if (previous != nullptr) *previous = {};
  return 0;
}

}  // extern "C"
