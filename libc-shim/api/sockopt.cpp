// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// getsockopt, setsockopt. What each option does stands in options/options.def.
#include <sys/socket.h>

#include "api/entry.h"
#include "options/options.h"

using namespace posix_sockets;

extern "C" {

// getsockopt(2). Errors: EBADF, ENOTSOCK; ENOPROTOOPT not an option of this socket; EINVAL a negative length; EOPNOTSUPP the host has no such option; EFAULT; as
// socket(), if the host only tells it of a new one.
int WPS_ENTRY(getsockopt)(int number, int level, int name, void* value, socklen_t* length) {
  const fd::HeldSocket socket = fd::find_socket(number);
  if (!socket.ok()) return report(socket.error());
  return report(options::get(*socket.value(), level, name, value, length));
}

// setsockopt(2). Errors: EBADF, ENOTSOCK; ENOPROTOOPT; EINVAL too short, or out of range; EDOM a timeval; EFAULT; ENOMEM; EOPNOTSUPP the host has no such option;
// as socket(), if the host only takes it from a new one.
int WPS_ENTRY(setsockopt)(int number, int level, int name, const void* value, socklen_t length) {
  const fd::HeldSocket socket = fd::find_socket(number);
  if (!socket.ok()) return report(socket.error());
  return report(options::set(*socket.value(), level, name, value, length));
}
}
