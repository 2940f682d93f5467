// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Static results of the functions without _r: each has one buffer, which grows to the largest entry that was asked for.
#pragma once

#include <errno.h>
#include <stddef.h>

#include "support/memory.h"

namespace posix_sockets {

struct Storage {
  char* buffer = nullptr;
  size_t size = 0;

  bool grow() {
    const size_t wanted = size == 0 ? 512 : size * 2;
    void* larger = resize(buffer, size, wanted);
    if (larger == nullptr) return false;
    buffer = static_cast<char*>(larger);
    size = wanted;
    return true;
  }

  // Calls `get(buffer, size)`, which gives an errno value, until the entry fits.
  template <class Get>
  int fit(Get get) {
    int error = ERANGE;
    while (error == ERANGE) {
      if (size != 0) error = get(buffer, size);
      if ((size == 0 || error == ERANGE) && !grow()) return ENOMEM;
    }
    return error;
  }
};

}  // namespace posix_sockets
