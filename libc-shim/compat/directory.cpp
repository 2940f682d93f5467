// The working directory and the root.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fail.h"

extern "C" {

// EBADF: not open. ENOTDIR: no directory. ENOSYS: the path of an open directory can't be found, and libc's working directory
// is a path.
int fchdir(int fd) {
  struct stat status;
  if (fstat(fd, &status) != 0) return -1;
  return posix_sockets::compat::fail(S_ISDIR(status.st_mode) ? ENOSYS : ENOTDIR);
}

// EPERM: it takes a privilege; the host has confined the guest already.
int chroot(const char*) { return posix_sockets::compat::fail(EPERM); }

char* get_current_dir_name() { return getcwd(nullptr, 0); }

// The process has one identity, so the effective one has the rights of the real one.
int eaccess(const char* path, int mode) { return access(path, mode); }
int euidaccess(const char* path, int mode) { return access(path, mode); }

}  // extern "C"
