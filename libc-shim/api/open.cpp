// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Where libc opens files: the one function that all of open, openat, creat, fopen and opendir come down to. What it opens
// gets a number that the program may see. Directory arguments at this level are libc's own numbers already.
#include <fcntl.h>
#include <stdarg.h>

#include "api/entry.h"
#include "kinds/libc.h"

using namespace posix_sockets;

extern "C" {

int WPS_REAL(__wasilibc_nocwd_openat_nomode)(int, const char*, int);
WPS_TAKE_FROM_LIBC(__wasilibc_nocwd_openat_nomode)
int WPS_REAL(openat)(int, const char*, int, ...);
WPS_TAKE_FROM_LIBC(openat)

int WPS_ENTRY(__wasilibc_nocwd_openat_nomode)(int directory, const char* path, int flags) {
  // On Linux O_RDONLY is 0, and programs write 0 or keep the lower bits only; libc says EINVAL.
  if ((flags & O_ACCMODE) == 0) flags |= O_RDONLY;
  // Linux ignores O_NONBLOCK on files; preview1 would make reading one return nothing.
  const int opened = WPS_REAL(__wasilibc_nocwd_openat_nomode)(directory, path, flags & ~O_NONBLOCK);
  if (opened < 0 || InsideLibc::active()) return opened;
  Result<int> number = fd::adopt(opened);
  if (!number.ok()) libc::close(opened);
  return report<int>(number);
}

// openat(2): the program's directory number becomes libc's. Errors: as libc's; EMFILE, ENOMEM.
int WPS_ENTRY(openat)(int directory, const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const int mode = (flags & O_CREAT) != 0 ? va_arg(arguments, int) : 0;
  va_end(arguments);
  if (directory != AT_FDCWD) {
    const fd::Target target = fd::resolve(directory);
    if (target.ours != nullptr && target.libc < 0) return report(ENOTDIR);
    directory = target.libc;
  }
  return WPS_REAL(openat)(directory, path, flags, mode);
}
}
