// Waiting for children: fork never succeeds, so there are none.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/wait.h>

#include "fail.h"

using posix_sockets::compat::fail;

namespace {

constexpr int wait_options = WNOHANG | WUNTRACED | WCONTINUED;

}  // namespace

extern "C" {

// ECHILD: the process has no child.
pid_t wait(int*) { return fail(ECHILD); }
pid_t wait3(int*, int options, struct rusage*) { return fail((options & ~wait_options) != 0 ? EINVAL : ECHILD); }

// EINVAL: unknown options. ECHILD: the process has no child.
pid_t waitpid(pid_t, int*, int options) { return fail((options & ~wait_options) != 0 ? EINVAL : ECHILD); }
pid_t wait4(pid_t, int*, int options, struct rusage*) { return fail((options & ~wait_options) != 0 ? EINVAL : ECHILD); }

// EINVAL: unknown options or kind of id, or nothing asked for. ECHILD: the process has no child.
int waitid(idtype_t type, id_t, siginfo_t*, int options) {
  constexpr int states = WEXITED | WSTOPPED | WCONTINUED;
  if ((options & ~(states | WNOHANG | WNOWAIT)) != 0 || (options & states) == 0) return fail(EINVAL);
  if (type != P_ALL && type != P_PID && type != P_PGID) return fail(EINVAL);
  return fail(ECHILD);
}

}  // extern "C"
