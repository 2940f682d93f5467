// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// clock_gettime, which libc's clock readers come down to.
#include <time.h>

#include "api/entry.h"

using namespace posix_sockets;

extern "C" {

int WPS_REAL(clock_gettime)(clockid_t, timespec*);
WPS_TAKE_FROM_LIBC(clock_gettime)

// clock_gettime(2): libc's, with a monotonic clock that is never near 0. Errors: EINVAL no such clock; EFAULT.
int WPS_ENTRY(clock_gettime)(clockid_t clock, timespec* time) {
  if (!accessible(time)) return report(EFAULT);
  const int result = WPS_REAL(clock_gettime)(clock, time);
  if (result == 0 && clock == CLOCK_MONOTONIC) time->tv_sec += monotonic_lead_s;
  return result;
}
}
