// Priorities: the process has the ordinary one, and WASI can't change it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include "fail.h"
#include "support/pointer.h"

using posix_sockets::accessible;
using posix_sockets::compat::fail;

namespace {

// 0 when `which` and `who` mean this process.
int check(int which, id_t who) {
  if (which < PRIO_PROCESS || which > PRIO_USER) return EINVAL;
  const id_t own = which == PRIO_USER ? getuid() : static_cast<id_t>(getpid());
  return who == 0 || who == own ? 0 : ESRCH;
}

int check_self(pid_t pid) {
  if (pid < 0) return EINVAL;
  return pid == 0 || pid == getpid() ? 0 : ESRCH;
}

}  // namespace

extern "C" {

// EINVAL: no such kind. ESRCH: not this process.
int getpriority(int which, id_t who) {
  const int error = check(which, who);
  return error == 0 ? 0 : fail(error);
}

// EINVAL, ESRCH: as getpriority. EACCES: raising it takes a privilege. ENOSYS: lowering it.
int setpriority(int which, id_t who, int value) {
  const int error = check(which, who);
  if (error != 0) return fail(error);
  if (value == 0) return 0;
  return fail(value < 0 ? EACCES : ENOSYS);
}

// EPERM: raising it takes a privilege. ENOSYS: lowering it.
int nice(int change) {
  if (change == 0) return 0;
  return fail(change < 0 ? EPERM : ENOSYS);
}

// EINVAL: no such policy.
int sched_get_priority_max(int policy) {
  if (policy == SCHED_FIFO || policy == SCHED_RR) return 99;
  return policy == SCHED_OTHER || policy == SCHED_BATCH || policy == SCHED_IDLE ? 0 : fail(EINVAL);
}
int sched_get_priority_min(int policy) {
  if (policy == SCHED_FIFO || policy == SCHED_RR) return 1;
  return policy == SCHED_OTHER || policy == SCHED_BATCH || policy == SCHED_IDLE ? 0 : fail(EINVAL);
}

// EINVAL: null or a negative process. ESRCH: not this process.
int sched_getparam(pid_t pid, struct sched_param* parameters) {
  if (!accessible(parameters)) return fail(parameters == nullptr ? EINVAL : EFAULT);
  if (const int error = check_self(pid)) return fail(error);
  parameters->sched_priority = 0;
  return 0;
}
int sched_getscheduler(pid_t pid) {
  if (const int error = check_self(pid)) return fail(error);
  return SCHED_OTHER;
}

// EINVAL, ESRCH: as sched_getparam. EPERM: any policy or priority but the one that holds.
int sched_setparam(pid_t pid, const struct sched_param* parameters) {
  return sched_setscheduler(pid, SCHED_OTHER, parameters);
}
int sched_setscheduler(pid_t pid, int policy, const struct sched_param* parameters) {
  if (!accessible(parameters)) return fail(parameters == nullptr ? EINVAL : EFAULT);
  if (const int error = check_self(pid)) return fail(error);
  if (policy == SCHED_OTHER) return parameters->sched_priority == 0 ? 0 : fail(EINVAL);
  return fail(EPERM);
}

}  // extern "C"
