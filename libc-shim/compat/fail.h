// How a compatibility function refuses: errno and the return value of its kind.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <errno.h>
#include <fcntl.h>

namespace posix_sockets::compat {

inline int fail(int error) {
  errno = error;
  return -1;
}

// For calls on a descriptor that WASI cannot serve: a bad number is still told apart from a good one. (F_GETFL, as
// F_GETFD of wasi-libc on preview1 takes any number.)
inline int fail_on_descriptor(int fd, int error) {
  if (fcntl(fd, F_GETFL) < 0) return fail(EBADF);
  return fail(error);
}

}  // namespace posix_sockets::compat
