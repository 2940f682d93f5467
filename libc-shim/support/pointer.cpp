// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "support/pointer.h"

#include <limits.h>

namespace posix_sockets {

Errno check_path(const char* path) {
  if (path == nullptr) return EFAULT;
  if (in_range(path, 1) && *path == '\0') return ENOENT;
  for (size_t i = 0; i < PATH_MAX; ++i) {
    if (!in_range(path + i, 1)) return EFAULT;
    if (path[i] == '\0') return success;
  }
  return ENAMETOOLONG;
}

}  // namespace posix_sockets
