// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "file/libc.h"

#include "support/libc_name.h"

extern "C" int __real_fcntl(int, int, ...);
WPS_TAKE_FROM_LIBC(fcntl)

namespace posix_sockets::libc {

// Libc's, not our own with all that it can do: that isn't linked into programs that only ask.
int status_flags(int descriptor) {
  const int saved = errno;
  const int flags = __real_fcntl(descriptor, F_GETFL);
  errno = saved;
  return flags;
}

}  // namespace posix_sockets::libc
