// What the process has used: wasi-libc's getrusage, and the members that its structure lacks.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <string.h>
#include <sys/resource.h>

#include "fail.h"
#include "support/pointer.h"

using posix_sockets::accessible;
using posix_sockets::compat::fail;

// The emulation's, for its two members; the name as objects of plain wasi-libc call it.
extern "C" int emulated_getrusage(int, timeval[2]) __asm__("getrusage");

extern "C" {

// getrusage(2). The times are the clock's, as wasi-libc emulates them; the peak of the memory is its size, as a guest's
// memory never shrinks. There are no children, and what isn't known is 0, as on Linux. EINVAL: `who`. EFAULT: `usage`.
int getrusage(int who, rusage* usage) {
  if (who != RUSAGE_SELF && who != RUSAGE_CHILDREN && who != RUSAGE_THREAD) return fail(EINVAL);
  if (!accessible(usage)) return fail(EFAULT);
  memset(usage, 0, sizeof *usage);
  if (who == RUSAGE_CHILDREN) return 0;
  timeval times[2];
  if (emulated_getrusage(RUSAGE_SELF, times) < 0) return -1;
  usage->ru_utime = times[0];
  usage->ru_stime = times[1];
  usage->ru_maxrss = static_cast<long>(__builtin_wasm_memory_size(0) * 64);
  return 0;
}

}  // extern "C"
