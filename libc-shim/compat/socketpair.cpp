// socketpair: not there yet.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/socket.h>

#include "fail.h"

using posix_sockets::compat::fail;

extern "C" {

// EAFNOSUPPORT: not a family. EOPNOTSUPP: a family without pairs. EFAULT: null. ENOSYS: else.
int socketpair(int family, int, int, int ends[2]) {
  if (family == AF_INET || family == AF_INET6) return fail(EOPNOTSUPP);
  if (family != AF_UNIX) return fail(EAFNOSUPPORT);
  return fail(ends == nullptr ? EFAULT : ENOSYS);
}

}  // extern "C"
