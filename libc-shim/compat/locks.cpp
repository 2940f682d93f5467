// lockf, over fcntl, as glibc has it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <fcntl.h>
#include <unistd.h>

#include "fail.h"

using posix_sockets::compat::fail;

extern "C" {

// lockf(3): locks of the process from the position on. EINVAL: not one of the operations. EACCES: F_TEST, a description has it. And
// the errors of fcntl(2).
int lockf(int fd, int operation, off_t length) {
  struct flock range = {};
  range.l_whence = SEEK_CUR;
  range.l_len = length;
  range.l_type = operation == F_ULOCK ? F_UNLCK : operation == F_TEST ? F_RDLCK : F_WRLCK;
  switch (operation) {
    case F_TEST:
      if (fcntl(fd, F_GETLK, &range) < 0) return -1;
      return range.l_type == F_UNLCK ? 0 : fail(EACCES);
    case F_ULOCK:
    case F_TLOCK:
      return fcntl(fd, F_SETLK, &range);
    case F_LOCK:
      return fcntl(fd, F_SETLKW, &range);
    default:
      return fail(EINVAL);
  }
}

}  // extern "C"
