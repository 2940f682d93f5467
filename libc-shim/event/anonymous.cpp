// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What eventfd, timerfd, signalfd, epoll sets and event queues have in common.
#include <string.h>

#include "description/counted.h"

namespace posix_sockets {

Errno Counted::stat_anonymous(struct stat& out) const {
  memset(&out, 0, sizeof out);
  out.st_mode = 0600;  // no type of file, as the kernel says of it
  out.st_nlink = 1;
  out.st_blksize = 4096;
  out.st_ino = reinterpret_cast<uintptr_t>(this);
  return success;
}

}  // namespace posix_sockets
