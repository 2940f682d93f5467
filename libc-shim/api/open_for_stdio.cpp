// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// fopen, freopen, truncate, which don't open by open().
#include "api/device_paths.h"
#include "api/entry.h"

using namespace posix_sockets;

extern "C" {

int WPS_REAL(__wasilibc_open_nomode)(const char*, int);
WPS_TAKE_FROM_LIBC(__wasilibc_open_nomode)

// As open() without a mode.
int WPS_ENTRY(__wasilibc_open_nomode)(const char* path, int flags) {
  int number = WPS_REAL(__wasilibc_open_nomode)(path, flags);
  if (number < 0) (void)open_device(path, flags, number);
  return number;
}
}
