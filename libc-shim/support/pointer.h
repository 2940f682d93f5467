// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// EFAULT in a world without page faults.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "support/result.h"

namespace posix_sockets {

// Whether [pointer, pointer + size) is memory that the host may be given. In a guest address 0 is ordinary memory, yet a
// null pointer is a mistake there too; and a range beyond the memory's end would make the host trap. Size 0 is always fine.
bool accessible(const void* pointer, size_t size);

// Whether [pointer, pointer + size) can be the program's memory at all, which the kernel looks at first, before the descriptor.
// Null can: it's found out later, by whoever touches it.
bool in_range(const void* pointer, size_t size);

// Whether a path can be read to its end, and names something. EFAULT; ENOENT it is empty, which libc takes for ".";
// ENAMETOOLONG it has no end within PATH_MAX bytes.
Errno check_path(const char* path);

template <class T>
bool accessible(const T* object) {
  return accessible(object, sizeof(T));
}

}  // namespace posix_sockets
