// Writing back: a guest keeps nothing of a file, so only the host's own cache is left.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <errno.h>
#include <unistd.h>

extern "C" {

// As Linux says of it: it can't report, and what it starts may still be under way when it returns.
void sync() {}

// The errors of fsync, but for EINVAL: what isn't a file lies in a file system, too. WASI syncs files one by one, so only
// this one is written back.
int syncfs(int fd) {
  const int saved = errno;
  if (fsync(fd) == 0) return 0;
  if (errno != EINVAL) return -1;
  errno = saved;
  return 0;
}

}  // extern "C"
