// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// EFAULT in a world without page faults.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "support/result.h"

namespace posix_sockets {

// Whether [pointer, pointer + size) is memory that the host may be given. In a guest address 0 is ordinary memory, yet a
// null pointer is a mistake there too; and a range beyond the memory's end would make the host trap. Size 0 is always fine.
inline bool accessible(const void* pointer, size_t size) {
  if (size == 0) return true;
  if (pointer == nullptr) return false;
#if defined(__wasm__)
  const uint64_t end = static_cast<uint64_t>(reinterpret_cast<uintptr_t>(pointer)) + size;
  return end <= static_cast<uint64_t>(__builtin_wasm_memory_size(0)) * 65536;
#else
  return true;
#endif
}

// Whether [pointer, pointer + size) can be the program's memory at all, which the kernel looks at first, before the descriptor.
// Null can: it's found out later, by whoever touches it.
inline bool in_range([[maybe_unused]] const void* pointer, [[maybe_unused]] size_t size) {
#if defined(__wasm__)
  const uint64_t end = static_cast<uint64_t>(reinterpret_cast<uintptr_t>(pointer)) + size;
  return end <= static_cast<uint64_t>(__builtin_wasm_memory_size(0)) * 65536;
#else
  return true;
#endif
}

// Whether a path can be read to its end, and names something. EFAULT; ENOENT it is empty, which libc takes for ".";
// ENAMETOOLONG it has no end within PATH_MAX bytes.
Errno check_path(const char* path);

template <class T>
bool accessible(const T* object) {
  return accessible(object, sizeof(T));
}

}  // namespace posix_sockets
