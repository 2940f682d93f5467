// The ids of the one process: it leads its own group and session, and its parent isn't visible.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <unistd.h>

#include "fail.h"

using posix_sockets::compat::fail;
using posix_sockets::compat::fail_on_descriptor;

namespace {

bool is_self(pid_t pid) { return pid == 0 || pid == getpid(); }

}  // namespace

extern "C" {

// 0: what Linux says of a parent outside the process's own namespace.
pid_t getppid() { return 0; }
pid_t gettid() { return getpid(); }
pid_t getpgrp() { return getpid(); }

// ESRCH: not this process.
pid_t getpgid(pid_t pid) { return is_self(pid) ? getpid() : fail(ESRCH); }
pid_t getsid(pid_t pid) { return is_self(pid) ? getpid() : fail(ESRCH); }

// EINVAL: a negative group. ESRCH: not this process. EPERM: this process leads a session, which stays in its group.
int setpgid(pid_t pid, pid_t group) {
  if (group < 0) return fail(EINVAL);
  return fail(is_self(pid) ? EPERM : ESRCH);
}
pid_t setpgrp() { return fail(EPERM); }

// EPERM: the process leads a session already.
pid_t setsid() { return fail(EPERM); }

// EBADF: not open. ENOTTY: no controlling terminal is visible to a guest.
pid_t tcgetpgrp(int fd) { return fail_on_descriptor(fd, ENOTTY); }
int tcsetpgrp(int fd, pid_t) { return fail_on_descriptor(fd, ENOTTY); }

}  // extern "C"
