// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Shared by the entry points that make two descriptors at once.
#pragma once

#include "api/entry.h"

namespace posix_sockets {

// Gives both descriptions numbers, or neither. EMFILE, ENOMEM.
inline Errno install_pair(Description* first, Description* second, bool close_on_exec, int ends[2]) {
  Result<int> one = fd::install(first, close_on_exec);
  if (!one.ok()) {
    second->drop();
    return one.error();
  }
  Result<int> two = fd::install(second, close_on_exec);
  if (!two.ok()) {
    (void)fd::close(one.value());
    return two.error();
  }
  ends[0] = one.value();
  ends[1] = two.value();
  return success;
}

}  // namespace posix_sockets
