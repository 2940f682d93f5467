// Out-of-band data, which WASI doesn't have.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <errno.h>
#include <sys/socket.h>

extern "C" {

// EBADF: not open. ENOTTY: else, as of SIOCATMARK, and as Linux has it of what has no mark.
int sockatmark(int fd) {
  int type = 0;
  socklen_t length = sizeof type;
  if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length) == 0 || errno == ENOTSOCK) errno = ENOTTY;
  return -1;
}

}  // extern "C"
