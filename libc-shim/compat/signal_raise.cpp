// signal and raise, in place of those of wasi-libc's emulation, which knows neither masks nor sigaction. What it has is the
// default actions, with their messages.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <signal.h>
#include <stdlib.h>

#include "fail.h"
#include "signal_state.h"

using namespace posix_sockets::compat;

extern "C" {

int __real_raise(int);

// Result: the former handler, or SIG_ERR. EINVAL: not a signal, or SIGKILL or SIGSTOP. The handler stays, the signal is
// blocked while it runs, and calls that it interrupts go on.
void (*__wrap_signal(int signal, void (*handler)(int)))(int) {
  if (!is_signal(signal) || signal == SIGKILL || signal == SIGSTOP) {
    errno = EINVAL;
    return SIG_ERR;
  }
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  const struct sigaction previous = action_of(signal);
  set_action(signal, action);
  return previous.sa_handler;
}

// Sends a signal to the thread itself; 0 sends none. EINVAL: not a signal.
int __wrap_raise(int signal) {
  if (signal != 0 && !is_signal(signal)) return fail(EINVAL);
  if (signal != 0) (void)send_to_self({signal, SI_TKILL, {}});
  return 0;
}

}  // extern "C"

namespace posix_sockets::compat {

bool is_ignored_by_default(int signal) {
  return signal == SIGCHLD || signal == SIGCONT || signal == SIGURG || signal == SIGWINCH;
}

void default_action(int signal) {
  // A reference that makes the linker look for libc's raise, as __real_raise alone doesn't.
  static int (*volatile const plain)(int) = raise;
  (void)plain;
  // For real-time signals libc has no default action, and would call null; Linux's is to end the process.
  if (signal >= 32) abort();
  __real_raise(signal);
}

}  // namespace posix_sockets::compat
