// builds: native wasi
// getrusage: times that grow, the peak of the memory, nothing of children.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/resource.h>

#include "check.h"

int main(void) {
  struct rusage usage, later, none;
  memset(&none, 0, sizeof none);
  memset(&usage, 0xaa, sizeof usage);
  CHECK(getrusage(RUSAGE_SELF, &usage) == 0);
  CHECK(usage.ru_utime.tv_sec >= 0 && usage.ru_utime.tv_usec >= 0 && usage.ru_utime.tv_usec < 1000000);
  CHECK(usage.ru_maxrss > 0 && usage.ru_nswap == 0 && usage.ru_nsignals == 0);
  volatile char* memory = malloc(64 << 20);
  for (int i = 0; i < 64 << 20; i += 512) memory[i] = 1;
  CHECK(getrusage(RUSAGE_THREAD, &later) == 0);
  CHECK(later.ru_maxrss >= usage.ru_maxrss + 50000);
  CHECK(later.ru_utime.tv_sec + later.ru_utime.tv_usec + later.ru_stime.tv_sec + later.ru_stime.tv_usec > 0);
  CHECK(getrusage(RUSAGE_CHILDREN, &usage) == 0 && memcmp(&usage, &none, sizeof usage) == 0);
  FAILS(getrusage(77, &usage), EINVAL);
  return done();
}
