// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "kinds/libc.h"

extern "C" int __real_fcntl(int, int, ...);

namespace posix_sockets::libc {

// Nobody calls it: it makes the linker take libc's fcntl, which __real_fcntl alone doesn't. Our own, with all that it can
// do, isn't linked into programs that only ask.
int name_fcntl() { return ::fcntl(0, F_GETFL); }

int status_flags(int descriptor) {
  const int saved = errno;
  const int flags = __real_fcntl(descriptor, F_GETFL);
  errno = saved;
  return flags;
}

}  // namespace posix_sockets::libc
