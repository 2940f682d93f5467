// Setting clocks, which WASI can't do.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/time.h>
#include <time.h>

#include "fail.h"

using posix_sockets::compat::fail;

extern "C" {

// EPERM: it takes a privilege.
int clock_settime(clockid_t, const struct timespec*) { return fail(EPERM); }
int settimeofday(const struct timeval*, const struct timezone*) { return fail(EPERM); }

// EPERM: it takes a privilege to set it. Asking alone succeeds: nothing is being adjusted.
int adjtime(const struct timeval* change, struct timeval* rest) {
  if (change != nullptr) return fail(EPERM);
  if (rest != nullptr) *rest = {};
  return 0;
}

}  // extern "C"
