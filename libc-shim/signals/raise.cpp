// signal and raise, in place of those of wasi-libc's emulation, which knows neither masks nor sigaction.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <signal.h>

#include "compat/fail.h"
#include "signals/state.h"
#include "wait/signals.h"

using namespace posix_sockets::signals;
using posix_sockets::compat::fail;

extern "C" {

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
