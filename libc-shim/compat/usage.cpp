// getrusage with Linux's struct: the times are wasi-libc's, the memory is what the guest has, the rest can't be known.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <string.h>
#include <sys/resource.h>

#include "fail.h"

namespace {

// wasi-libc's struct, which objects compiled by its own headers have.
struct Times {
  struct timeval user;
  struct timeval system;
};

}  // namespace

extern "C" {

int times_of_libc(int who, Times* times) __asm__("getrusage");

// EINVAL: neither RUSAGE_SELF nor RUSAGE_CHILDREN. Children there are none, so theirs is all 0.
int getrusage(int who, struct rusage* usage) {
  if (who != RUSAGE_SELF && who != RUSAGE_CHILDREN) return posix_sockets::compat::fail(EINVAL);
  memset(usage, 0, sizeof *usage);
  if (who == RUSAGE_CHILDREN) return 0;
  Times times = {};
  if (times_of_libc(who, &times) != 0) return -1;
  usage->ru_utime = times.user;
  usage->ru_stime = times.system;
  usage->ru_maxrss = static_cast<long>(__builtin_wasm_memory_size(0) * 64);  // KiB; it never shrinks
  return 0;
}

}  // extern "C"
