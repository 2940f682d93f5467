// File modes and special files.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <fcntl.h>
#include <sys/stat.h>

#include "fail.h"

using posix_sockets::compat::fail;

namespace {

mode_t mask = 022;

}  // namespace

extern "C" {

// The mask is kept and given back. The host makes files with modes of its own, whatever is asked for.
mode_t umask(mode_t next) {
  const mode_t previous = mask;
  mask = next & 0777;
  return previous;
}

// ENOSYS: WASI makes only files, directories and links.
int mkfifo(const char*, mode_t) { return fail(ENOSYS); }
int mkfifoat(int, const char*, mode_t) { return fail(ENOSYS); }
int mknod(const char*, mode_t, dev_t) { return fail(ENOSYS); }
int mknodat(int, const char*, mode_t, dev_t) { return fail(ENOSYS); }

// EOPNOTSUPP: a symbolic link, as on Linux. Else what chmod says.
int lchmod(const char* path, mode_t mode) {
  struct stat file;
  if (lstat(path, &file) < 0) return -1;
  if (S_ISLNK(file.st_mode)) return fail(EOPNOTSUPP);
  return chmod(path, mode);
}

}  // extern "C"
