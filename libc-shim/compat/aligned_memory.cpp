// malloc.h's older names for aligned memory.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <unistd.h>

extern "C" {

// Null. ENOMEM: no memory. EINVAL: can't be aligned so.
void* memalign(size_t alignment, size_t size) {
  size_t power = sizeof(void*);  // glibc's takes any number, and the next power of two
  while (power < alignment && power != 0) power *= 2;
  void* memory = nullptr;
  const int error = power == 0 ? EINVAL : posix_memalign(&memory, power, size);
  if (error == 0) return memory;
  errno = error;
  return nullptr;
}
void* valloc(size_t size) { return memalign(static_cast<size_t>(getpagesize()), size); }
void* pvalloc(size_t size) {
  const auto page = static_cast<size_t>(getpagesize());
  return memalign(page, (size + page - 1) / page * page);
}

// 0: nothing is ever given back to the host.
int malloc_trim(size_t) { return 0; }

// Returns 0: not a parameter; wasi-libc's allocator has none.
int mallopt(int, int) { return 0; }

}  // extern "C"
