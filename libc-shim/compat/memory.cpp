// Memory: the host may page or copy a guest's memory as it likes, so nothing can be locked, and advice is only that.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <stdint.h>
#include <sys/mman.h>

#include "fail.h"

using posix_sockets::compat::fail;

extern "C" {

// ENOSYS: always.
int mlock(const void*, size_t) { return fail(ENOSYS); }
int munlock(const void*, size_t) { return fail(ENOSYS); }
int mlockall(int) { return fail(ENOSYS); }
int munlockall() { return fail(ENOSYS); }
int shm_open(const char*, int, mode_t) { return fail(ENOSYS); }
int shm_unlink(const char*) { return fail(ENOSYS); }

// EFAULT: null. ENOSYS: a file needs a directory, and there may be none.
int memfd_create(const char* name, unsigned) { return fail(name == nullptr ? EFAULT : ENOSYS); }

// mprotect(2). All memory of a guest can be read and written, and stays so. EINVAL: not at a page's start. ENOTSUP: anything else.
int mprotect(void* address, size_t, int protection) {
  constexpr uintptr_t page = 4096;
  if (reinterpret_cast<uintptr_t>(address) % page != 0) return fail(EINVAL);
  return protection == (PROT_READ | PROT_WRITE) ? 0 : fail(ENOTSUP);
}

// ENOSYS: what programs rely on (dropping pages, keeping them out of dumps). Plain advice is taken and not followed.
int madvise(void*, size_t, int advice) { return advice >= MADV_NORMAL && advice <= MADV_WILLNEED ? 0 : fail(ENOSYS); }

// Returns EINVAL: not an advice.
int posix_madvise(void*, size_t, int advice) {
  return advice >= POSIX_MADV_NORMAL && advice <= POSIX_MADV_DONTNEED ? 0 : EINVAL;
}

}  // extern "C"
