// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "support/pointer.h"

#include <limits.h>

namespace posix_sockets {

[[gnu::noinline]] bool in_range([[maybe_unused]] const void* pointer, [[maybe_unused]] size_t size) {
#if defined(__wasm__)
  const uint64_t end = static_cast<uint64_t>(reinterpret_cast<uintptr_t>(pointer)) + size;
  return end <= static_cast<uint64_t>(__builtin_wasm_memory_size(0)) * 65536;
#else
  return true;
#endif
}

bool accessible(const void* pointer, size_t size) {
  return size == 0 || (pointer != nullptr && in_range(pointer, size));
}

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
