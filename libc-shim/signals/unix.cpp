// The forms of signal() and of the mask's calls that System V and BSD had before sigaction(); glibc has them still.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <signal.h>

#include "compat/fail.h"

namespace {

using Handler = void (*)(int);

Handler set_handler(int signal, Handler handler, int flags) {
  struct sigaction action = {};
  struct sigaction previous;
  action.sa_handler = handler;
  action.sa_flags = flags;
  return sigaction(signal, &action, &previous) == 0 ? previous.sa_handler : SIG_ERR;
}

// EINVAL: not a signal.
int change_mask(int how, int signal) {
  sigset_t set;
  sigemptyset(&set);
  return sigaddset(&set, signal) == 0 ? sigprocmask(how, &set, nullptr) : -1;
}

}  // namespace

extern "C" {

// Result: the former handler, or SIG_ERR. EINVAL: not a signal, or SIGKILL or SIGSTOP. As signal(): the handler stays.
Handler bsd_signal(int signal, Handler handler) { return set_handler(signal, handler, SA_RESTART); }

// The same, but the handler runs once, its signal isn't blocked meanwhile, and calls that it interrupts fail with EINTR.
Handler sysv_signal(int signal, Handler handler) {
  return set_handler(signal, handler, static_cast<int>(SA_RESETHAND) | SA_NODEFER);
}
Handler __sysv_signal(int signal, Handler handler) { return sysv_signal(signal, handler); }

// sigset(3p): SIG_HOLD blocks the signal, anything else unblocks it and is its action. Result: SIG_HOLD if it was blocked,
// else the former action, or SIG_ERR. EINVAL: as above.
Handler sigset(int signal, Handler handler) {
  sigset_t before;
  if (sigprocmask(SIG_BLOCK, nullptr, &before) < 0) return SIG_ERR;
  struct sigaction held;
  if (sigaction(signal, nullptr, &held) < 0) return SIG_ERR;
  if (handler != SIG_HOLD && set_handler(signal, handler, 0) == SIG_ERR) return SIG_ERR;
  if (change_mask(handler == SIG_HOLD ? SIG_BLOCK : SIG_UNBLOCK, signal) < 0) return SIG_ERR;
  return sigismember(&before, signal) == 1 ? SIG_HOLD : held.sa_handler;
}

// Block, unblock and ignore a signal. EINVAL: not a signal; sigignore: SIGKILL and SIGSTOP, too.
int sighold(int signal) { return change_mask(SIG_BLOCK, signal); }
int sigrelse(int signal) { return change_mask(SIG_UNBLOCK, signal); }
int sigignore(int signal) { return set_handler(signal, SIG_IGN, 0) == SIG_ERR ? -1 : 0; }

}  // extern "C"
