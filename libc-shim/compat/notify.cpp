// inotify: a host doesn't tell what happens to files.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/inotify.h>

#include "fail.h"

using posix_sockets::compat::fail;
using posix_sockets::compat::fail_on_descriptor;

extern "C" {

// EINVAL: unknown flags. ENOSYS: always.
int inotify_init1(int flags) { return fail((flags & ~(IN_CLOEXEC | IN_NONBLOCK)) != 0 ? EINVAL : ENOSYS); }
int inotify_init() { return inotify_init1(0); }

// EBADF: not open. EINVAL: not inotify's, as nothing can be.
int inotify_add_watch(int fd, const char*, uint32_t) { return fail_on_descriptor(fd, EINVAL); }
int inotify_rm_watch(int fd, int) { return fail_on_descriptor(fd, EINVAL); }

}  // extern "C"
