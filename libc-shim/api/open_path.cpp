// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// open. What libc opens comes down to __wasilibc_nocwd_openat_nomode, in open.cpp.
#include <fcntl.h>
#include <stdarg.h>

#include "api/device_paths.h"
#include "api/entry.h"

using namespace posix_sockets;

extern "C" {

int WPS_REAL(open)(const char*, int, ...);
WPS_TAKE_FROM_LIBC(open)

// open(2). Where the host has no such file, /dev/null, zero, full, random and urandom are the library's own, and /dev/stdin,
// stdout, stderr, /dev/fd/N and /proc/self/fd/N duplicates. Errors: libc's; ENXIO /dev/tty, a socket; EMFILE; ENOMEM.
// Source: POSIX issue 8, open(2); wasi:filesystem descriptor.open-at, wasi:random.
int WPS_ENTRY(open)(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const int mode = (flags & O_CREAT) != 0 ? va_arg(arguments, int) : 0;
  va_end(arguments);
  int number = WPS_REAL(open)(path, flags, mode);
  if (number < 0) (void)open_device(path, flags, number);
  return number;
}
}
