// Extended attributes, as a file system without them answers.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include "fail.h"

using posix_sockets::compat::fail;
using posix_sockets::compat::fail_on_descriptor;

namespace {

int fail_on_path(const char* path, bool follow) {
  struct stat status;
  if ((follow ? stat(path, &status) : lstat(path, &status)) != 0) return -1;
  return fail(ENOTSUP);
}

}  // namespace

extern "C" {

// Those of stat: the path can't be looked up. EBADF: not open. ENOTSUP: else.
ssize_t getxattr(const char* path, const char*, void*, size_t) { return fail_on_path(path, true); }
ssize_t lgetxattr(const char* path, const char*, void*, size_t) { return fail_on_path(path, false); }
ssize_t fgetxattr(int fd, const char*, void*, size_t) { return fail_on_descriptor(fd, ENOTSUP); }
ssize_t listxattr(const char* path, char*, size_t) { return fail_on_path(path, true); }
ssize_t llistxattr(const char* path, char*, size_t) { return fail_on_path(path, false); }
ssize_t flistxattr(int fd, char*, size_t) { return fail_on_descriptor(fd, ENOTSUP); }
int setxattr(const char* path, const char*, const void*, size_t, int) { return fail_on_path(path, true); }
int lsetxattr(const char* path, const char*, const void*, size_t, int) { return fail_on_path(path, false); }
int fsetxattr(int fd, const char*, const void*, size_t, int) { return fail_on_descriptor(fd, ENOTSUP); }
int removexattr(const char* path, const char*) { return fail_on_path(path, true); }
int lremovexattr(const char* path, const char*) { return fail_on_path(path, false); }
int fremovexattr(int fd, const char*) { return fail_on_descriptor(fd, ENOTSUP); }

}  // extern "C"
