// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// getcwd.
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "api/entry.h"

using namespace posix_sockets;

extern "C" {

char* WPS_REAL(getcwd)(char* buffer, size_t size);

// getcwd(3). Parameters: where the path goes, or null for memory of malloc; size in bytes. Result: the path; null with errno
// EINVAL size 0; ERANGE it's longer; EFAULT; ENOMEM. Source: POSIX issue 8, getcwd(2).
char* WPS_ENTRY(getcwd)(char* buffer, size_t size) {
  if (buffer == nullptr || accessible(buffer, size)) return WPS_REAL(getcwd)(buffer, size);
  // What is to be written decides, and not how large the caller says that its memory is.
  char path[PATH_MAX];
  if (WPS_REAL(getcwd)(path, sizeof path) == nullptr) return nullptr;
  const size_t needed = strlen(path) + 1;
  if (needed > size || !accessible(buffer, needed)) {
    errno = needed > size ? ERANGE : EFAULT;
    return nullptr;
  }
  memcpy(buffer, path, needed);
  return buffer;
}
}
