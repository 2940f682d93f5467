// Closing all descriptors from a number on, as daemons do.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <errno.h>
#include <unistd.h>

#include "fail.h"

using posix_sockets::compat::fail;

extern "C" {

// Closes those from first to last. EINVAL: first is above last, or other flags.
int close_range(unsigned first, unsigned last, int flags) {
  if (first > last || (flags & ~(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC)) != 0) return fail(EINVAL);
  if ((flags & CLOSE_RANGE_CLOEXEC) != 0) return 0;  // nothing is executed that they could be closed for
  const int error = errno;
  const auto end = static_cast<unsigned>(getdtablesize());
  for (unsigned fd = first; fd <= last && fd < end; ++fd) close(static_cast<int>(fd));
  errno = error;
  return 0;
}

void closefrom(int first) { close_range(first < 0 ? 0 : static_cast<unsigned>(first), ~0U, 0); }

}  // extern "C"
