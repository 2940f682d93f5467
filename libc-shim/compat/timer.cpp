// POSIX timers of a program: alarm, setitimer(ITIMER_REAL) and timerfd are there instead.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <signal.h>
#include <time.h>

#include "fail.h"

using posix_sockets::compat::fail;

extern "C" {

// ENOSYS: always.
int timer_create(clockid_t, struct sigevent*, timer_t*) { return fail(ENOSYS); }

// EINVAL: always, as there can be none.
int timer_delete(timer_t) { return fail(EINVAL); }
int timer_settime(timer_t, int, const struct itimerspec*, struct itimerspec*) { return fail(EINVAL); }
int timer_gettime(timer_t, struct itimerspec*) { return fail(EINVAL); }
int timer_getoverrun(timer_t) { return fail(EINVAL); }

}  // extern "C"
