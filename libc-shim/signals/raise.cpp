// signal, raise and the default actions, in place of those of wasi-libc's emulation, which knows neither masks nor sigaction.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compat/fail.h"
#include "signals/state.h"
#include "wait/signals.h"

using namespace posix_sockets::compat;

extern "C" {

// What SIG_ERR and SIG_IGN are the addresses of. Those of wasi-libc's emulation would link all of it, with printf, into every
// program; where it is linked, these give way.
__attribute__((weak)) void __SIG_ERR(int) {}
__attribute__((weak)) void __SIG_IGN(int) {}

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
  if (is_ignored_by_default(signal)) return;
  if (signal == SIGPIPE) _exit(exit_status_of(signal));  // the regular end of a program whose reader has enough
  const char* const parts[] = {"Program received signal: ", strsignal(signal), "\n"};
  for (const char* part : parts) (void)write(2, part, strlen(part));
  abort();
}

}  // namespace posix_sockets::compat
