// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// gettimeofday with the time zone, which wasi-libc leaves as it was.
#include <string.h>
#include <sys/time.h>

#include "api/entry.h"

using namespace posix_sockets;

extern "C" {

int WPS_REAL(gettimeofday)(timeval* now, void* zone);
WPS_TAKE_FROM_LIBC(gettimeofday)

// gettimeofday(2). The zone is the kernel's own, which is UTC unless somebody sets it: two zeros. Errors: EFAULT.
int WPS_ENTRY(gettimeofday)(timeval* now, void* zone) {
  constexpr size_t zone_size = 2 * sizeof(int);
  if ((now != nullptr && !accessible(now)) || (zone != nullptr && !accessible(zone, zone_size))) return report(EFAULT);
  if (zone != nullptr) memset(zone, 0, zone_size);
  return now != nullptr ? WPS_REAL(gettimeofday)(now, nullptr) : 0;
}
}
