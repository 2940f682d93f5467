// Out-of-band data, which WASI doesn't have.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/socket.h>

#include "fail.h"

extern "C" {

// EBADF: not open. ENOTTY: not a socket. EOPNOTSUPP: else.
int sockatmark(int fd) {
  int type = 0;
  socklen_t length = sizeof type;
  if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length) == 0) return posix_sockets::compat::fail(EOPNOTSUPP);
  if (errno == ENOTSOCK) errno = ENOTTY;
  return -1;
}

}  // extern "C"
