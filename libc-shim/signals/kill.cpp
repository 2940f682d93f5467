// Sending signals: a guest sees one process, itself.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <signal.h>
#include <unistd.h>

#include "compat/fail.h"
#include "signals/state.h"

using namespace posix_sockets::signals;
using posix_sockets::compat::fail;

extern "C" {

// Sends a signal to the process itself (its id, 0 or minus its id); signal 0 asks whether the process is there.
// EINVAL: not a signal. ESRCH: any other process, and -1, which means all others.
int kill(pid_t pid, int signal) {
  if (signal != 0 && !is_signal(signal)) return fail(EINVAL);
  if (pid == -1) return fail(ESRCH);
  if (pid != 0 && pid != getpid() && pid != -getpid()) return fail(ESRCH);
  if (signal != 0) (void)send_to_self({signal, SI_USER, {}});
  return 0;
}

// EINVAL: a negative group. Else as kill.
int killpg(pid_t group, int signal) {
  if (group < 0) return fail(EINVAL);
  return kill(-group, signal);
}

// EINVAL: not a signal. ESRCH: any other process. EAGAIN: no memory to keep it.
int sigqueue(pid_t pid, int signal, union sigval value) {
  if (signal != 0 && !is_signal(signal)) return fail(EINVAL);
  if (pid != getpid()) return fail(ESRCH);
  if (signal != 0 && !send_to_self({signal, SI_QUEUE, value})) return fail(EAGAIN);
  return 0;
}

}  // extern "C"
