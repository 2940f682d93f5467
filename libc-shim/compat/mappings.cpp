// Mappings of files are copies here, made when they are mapped: nothing writes them back or moves them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <stdint.h>
#include <sys/mman.h>

#include "fail.h"

using posix_sockets::compat::fail;

extern "C" {

// EINVAL: other flags, MS_ASYNC with MS_SYNC, or not at a page's start. ENOSYS: else.
int msync(void* address, size_t, int flags) {
  const bool known = (flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC)) == 0;
  const bool both = (flags & MS_ASYNC) != 0 && (flags & MS_SYNC) != 0;
  if (!known || both || reinterpret_cast<uintptr_t>(address) % 4096 != 0) return fail(EINVAL);
  return fail(ENOSYS);
}

// ENOSYS: always.
void* mremap(void*, size_t, size_t, int, ...) {
  errno = ENOSYS;
  return MAP_FAILED;
}
int mincore(void*, size_t, unsigned char*) { return fail(ENOSYS); }
int mlock2(const void*, size_t, unsigned) { return fail(ENOSYS); }
int remap_file_pages(void*, size_t, int, size_t, int) { return fail(ENOSYS); }
int memfd_create(const char*, unsigned) { return fail(ENOSYS); }

}  // extern "C"
