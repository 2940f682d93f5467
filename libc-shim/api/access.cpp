// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// access.
#include <unistd.h>

#include "api/device_paths.h"
#include "api/entry.h"

using namespace posix_sockets;

extern "C" {

int WPS_REAL(access)(const char*, int);
WPS_TAKE_FROM_LIBC(access)

// access(2). Errors: libc's; EACCES a device can't be executed. Source: POSIX issue 8, access(2).
int WPS_ENTRY(access)(const char* path, int mode) {
  int result = WPS_REAL(access)(path, mode);
  if (result != 0) (void)access_device(path, mode, result);
  return result;
}
}
