// builds: native wasi
// gettimeofday gives the kernel's time zone, too: programs reckon with it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/time.h>
#include <time.h>

#include "check.h"

int main(void) {
  struct timezone zone = {12345, 54321};
  struct timeval now = {0, -1};
  CHECK(gettimeofday(&now, &zone) == 0);
  CHECK(zone.tz_minuteswest == 0 && zone.tz_dsttime == 0);
  CHECK(now.tv_usec >= 0 && now.tv_usec < 1000000);
  CHECK(time(NULL) - now.tv_sec >= 0 && time(NULL) - now.tv_sec <= 2);
  zone.tz_minuteswest = 7;
  struct timeval* volatile none = NULL;
  CHECK(gettimeofday(none, &zone) == 0 && zone.tz_minuteswest == 0);
  CHECK(gettimeofday(&now, NULL) == 0);
  return done();
}
