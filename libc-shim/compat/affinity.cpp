// Which processors the program runs on: a guest sees one.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "fail.h"

using posix_sockets::compat::fail;

namespace {

bool is_self(pid_t process) { return process == 0 || process == getpid(); }

}  // namespace

extern "C" {

// ESRCH: another process. EINVAL: a size that isn't whole words.
int sched_getaffinity(pid_t process, size_t size, cpu_set_t* set) {
  if (size < sizeof(long) || size % sizeof(long) != 0) return fail(EINVAL);
  if (!is_self(process)) return fail(ESRCH);
  memset(set, 0, size);
  set->__bits[0] = 1;
  return 0;
}

// ESRCH: another process. EINVAL: the processor there is isn't in it.
int sched_setaffinity(pid_t process, size_t size, const cpu_set_t* set) {
  if (!is_self(process)) return fail(ESRCH);
  return size >= sizeof(long) && (set->__bits[0] & 1) != 0 ? 0 : fail(EINVAL);
}

int sched_getcpu() { return 0; }

// Return ESRCH: another thread. EINVAL: as above.
int pthread_getaffinity_np(pthread_t thread, size_t size, cpu_set_t* set) {
  if (thread != pthread_self()) return ESRCH;
  return sched_getaffinity(0, size, set) == 0 ? 0 : errno;
}
int pthread_setaffinity_np(pthread_t thread, size_t size, const cpu_set_t* set) {
  if (thread != pthread_self()) return ESRCH;
  return sched_setaffinity(0, size, set) == 0 ? 0 : errno;
}

}  // extern "C"
