// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// F_SETOWN and its ioctls.
#pragma once

#include <limits.h>

#include "description/description.h"
#include "unix/credentials.h"

namespace posix_sockets {

// A process, or the negative of a process group: this process is all there is. No signal is ever sent to it, as there is no
// urgent data and FIOASYNC is refused then.
inline Errno set_owner(Description& description, int owner) {
  if (owner == INT_MIN) return EINVAL;
  const int process = owner < 0 ? -owner : owner;
  if (process != 0 && process != own_credentials().pid) return ESRCH;
  description.owner = owner == 0 ? 0 : owner < 0 ? -1 : 1;
  return success;
}

inline int owner_of(const Description& description) { return description.owner * own_credentials().pid; }

}  // namespace posix_sockets
