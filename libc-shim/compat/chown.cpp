// Owners of files: WASI has none, so nothing can be given to another. Asking for no change (-1, -1) succeeds for a
// file that exists.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fail.h"

using posix_sockets::compat::fail;
using posix_sockets::compat::fail_on_descriptor;

namespace {

bool no_change(uid_t user, gid_t group) { return user == ~0U && group == ~0U; }

}  // namespace

extern "C" {

// ENOSYS: a change of owner. Else the errors of fstatat.
int fchownat(int directory, const char* path, uid_t user, gid_t group, int flags) {
  if ((flags & ~AT_SYMLINK_NOFOLLOW) != 0) return fail(EINVAL);
  struct stat file;
  if (fstatat(directory, path, &file, flags) < 0) return -1;
  return no_change(user, group) ? 0 : fail(ENOSYS);
}
int chown(const char* path, uid_t user, gid_t group) { return fchownat(AT_FDCWD, path, user, group, 0); }
int lchown(const char* path, uid_t user, gid_t group) {
  return fchownat(AT_FDCWD, path, user, group, AT_SYMLINK_NOFOLLOW);
}

// EBADF: not open. ENOSYS: a change of owner.
int fchown(int fd, uid_t user, gid_t group) {
  if (no_change(user, group)) return fcntl(fd, F_GETFL) < 0 ? -1 : 0;
  return fail_on_descriptor(fd, ENOSYS);
}

}  // extern "C"
