// pipe: not there yet.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <unistd.h>

#include "fail.h"

using posix_sockets::compat::fail;

extern "C" {

// EFAULT: null. EINVAL: unknown flags. ENOSYS: else.
int pipe(int ends[2]) { return fail(ends == nullptr ? EFAULT : ENOSYS); }
int pipe2(int ends[2], int flags) {
  if ((flags & ~(O_CLOEXEC | O_NONBLOCK)) != 0) return fail(EINVAL);
  return pipe(ends);
}

}  // extern "C"
