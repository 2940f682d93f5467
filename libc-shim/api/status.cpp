// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// stat and lstat. fstat is in files.cpp, fstatat in directories.cpp.
#include "api/status.h"

#include "api/device_paths.h"
#include "api/entry.h"

using namespace posix_sockets;

extern "C" {

int WPS_REAL(stat)(const char*, struct stat*);
WPS_TAKE_FROM_LIBC(stat)
int WPS_REAL(lstat)(const char*, struct stat*);
WPS_TAKE_FROM_LIBC(lstat)

// stat(2). Errors: libc's. Source: POSIX issue 8, stat(2).
int WPS_ENTRY(stat)(const char* path, struct stat* status) {
  int result = WPS_REAL(stat)(path, status);
  if (result == 0) {
    complete_status(*status);
  } else {
    (void)stat_device(path, *status, result);
  }
  return result;
}

// lstat(2). As stat, but of a symbolic link itself.
int WPS_ENTRY(lstat)(const char* path, struct stat* status) {
  int result = WPS_REAL(lstat)(path, status);
  if (result == 0) {
    complete_status(*status);
  } else {
    (void)stat_device(path, *status, result);
  }
  return result;
}
}
