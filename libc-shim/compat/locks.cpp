// File locks: WASI has none, and other processes of the host may rely on them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "fail.h"

using posix_sockets::compat::fail;
using posix_sockets::compat::fail_on_descriptor;

extern "C" {

// EINVAL: not one of the operations. EBADF: not open. ENOSYS: else.
int flock(int fd, int operation) {
  const int kind = operation & ~LOCK_NB;
  if (kind != LOCK_SH && kind != LOCK_EX && kind != LOCK_UN) return fail(EINVAL);
  return fail_on_descriptor(fd, ENOSYS);
}

// EINVAL: not one of the operations. EBADF: not open. ENOSYS: else.
int lockf(int fd, int operation, off_t) {
  if (operation < F_ULOCK || operation > F_TEST) return fail(EINVAL);
  return fail_on_descriptor(fd, ENOSYS);
}

}  // extern "C"
