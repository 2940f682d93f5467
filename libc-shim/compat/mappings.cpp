// Mappings are memory of malloc here: nothing moves them, or knows which of their pages are in memory.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/mman.h>

#include "fail.h"

using posix_sockets::compat::fail;

extern "C" {

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
