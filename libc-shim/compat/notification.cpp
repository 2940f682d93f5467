// Descriptors for what WASI doesn't tell (changes of files) and the library doesn't (signals).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/inotify.h>
#include <sys/signalfd.h>

#include "fail.h"

using posix_sockets::compat::fail;
using posix_sockets::compat::fail_on_descriptor;

extern "C" {

// EINVAL: other flags. ENOSYS: else.
int inotify_init1(int flags) { return fail((flags & ~(IN_CLOEXEC | IN_NONBLOCK)) != 0 ? EINVAL : ENOSYS); }
int inotify_init() { return inotify_init1(0); }

// EBADF: not open. EINVAL: open, so something else.
int inotify_add_watch(int fd, const char*, uint32_t) { return fail_on_descriptor(fd, EINVAL); }
int inotify_rm_watch(int fd, int) { return fail_on_descriptor(fd, EINVAL); }

// EINVAL: other flags. EBADF, EINVAL: a descriptor, which can't be one of signals. ENOSYS: else.
int signalfd(int fd, const sigset_t*, int flags) {
  if ((flags & ~(SFD_CLOEXEC | SFD_NONBLOCK)) != 0) return fail(EINVAL);
  return fd == -1 ? fail(ENOSYS) : fail_on_descriptor(fd, EINVAL);
}

}  // extern "C"
