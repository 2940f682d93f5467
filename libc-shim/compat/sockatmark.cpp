// Out-of-band data, which WASI doesn't have.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/ioctl.h>
#include <sys/socket.h>

extern "C" {

// Result: 0, as nothing urgent ever arrives. Errors: EBADF; ENOTTY what isn't a stream socket; EOPNOTSUPP AF_UNIX packets.
// Source: POSIX issue 8, sockatmark(3).
int sockatmark(int fd) {
  int mark;
  return ioctl(fd, SIOCATMARK, &mark) == 0 ? mark : -1;
}

}  // extern "C"
