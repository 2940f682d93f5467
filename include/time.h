/* The time zone, which in a guest is UTC, clock_settime, which fails, and clocks that are integers. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_TIME_H
#define _WASI_POSIX_TIME_H

#include <sys/types.h>
#include_next <time.h>

/* clockid_t is an int here, see <__typedef_clockid_t.h>. */
#undef CLOCK_REALTIME
#undef CLOCK_MONOTONIC
#define CLOCK_REALTIME ((clockid_t) & _CLOCK_REALTIME)
#define CLOCK_MONOTONIC ((clockid_t) & _CLOCK_MONOTONIC)
/* A host doesn't tell of the time that it slept. */
#define CLOCK_BOOTTIME CLOCK_MONOTONIC

#ifdef __cplusplus
extern "C" {
#endif

void tzset(void);
extern char *tzname[2];
extern int daylight;
extern long timezone;
int clock_settime(clockid_t, const struct timespec *);

#ifdef __cplusplus
}
#endif

#endif
