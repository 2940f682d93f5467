// What a signal without a handler does.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "signals/state.h"
#include "wait/signals.h"

extern "C" {

// What SIG_ERR and SIG_IGN are the addresses of. Those of wasi-libc's emulation would link all of it, with printf, into every
// program; where it is linked, these give way.
__attribute__((weak)) void __SIG_ERR(int) {}
__attribute__((weak)) void __SIG_IGN(int) {}

}  // extern "C"

namespace posix_sockets::signals {

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

}  // namespace posix_sockets::signals
