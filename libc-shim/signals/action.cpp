// sigaction, signal masks and waiting for signals. A guest gets no signal from outside: what it gets, it sends itself.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <signal.h>

#include "compat/fail.h"
#include "signals/state.h"

using namespace posix_sockets::signals;
using posix_sockets::compat::fail;

extern "C" {

// EINVAL: not a signal, or a new action for SIGKILL or SIGSTOP.
int sigaction(int signal, const struct sigaction* action, struct sigaction* previous) {
  if (!is_signal(signal)) return fail(EINVAL);
  if (action != nullptr && (signal == SIGKILL || signal == SIGSTOP)) return fail(EINVAL);
  const struct sigaction held = action_of(signal);
  if (action != nullptr) set_action(signal, *action);
  if (previous != nullptr) *previous = held;
  return 0;
}

// EINVAL: not a signal. A call that a handler interrupts is one that the handler's own code made.
int siginterrupt(int signal, int flag) {
  struct sigaction action;
  if (sigaction(signal, nullptr, &action) < 0) return -1;
  if (flag != 0)
    action.sa_flags &= ~SA_RESTART;
  else
    action.sa_flags |= SA_RESTART;
  return sigaction(signal, &action, nullptr);
}

// Returns EINVAL: not a way to change the mask.
int pthread_sigmask(int how, const sigset_t* set, sigset_t* previous) {
  const SignalBits mask = blocked_signals();
  if (set != nullptr) {
    SignalBits next = to_bits(*set);
    if (how == SIG_BLOCK)
      next = mask | next;
    else if (how == SIG_UNBLOCK)
      next = mask & ~next;
    else if (how != SIG_SETMASK)
      return EINVAL;
    set_blocked_signals(next);
  }
  if (previous != nullptr) *previous = to_set(mask);
  return 0;
}
int sigprocmask(int how, const sigset_t* set, sigset_t* previous) {
  const int error = pthread_sigmask(how, set, previous);
  return error == 0 ? 0 : fail(error);
}

// EFAULT: null.
int sigpending(sigset_t* set) {
  if (set == nullptr) return fail(EFAULT);
  *set = to_set(pending_signals());
  return 0;
}

// EFAULT: null. EINTR: a handler ran, of a pending signal or of the alarm. ENOSYS: no signal can come.
int sigsuspend(const sigset_t* set) {
  if (set == nullptr) return fail(EFAULT);
  lend_mask(to_bits(*set));
  const int error = deliver() ? EINTR : wait_for_alarm();
  restore_mask();
  return fail(error);
}

// EINTR: the alarm's handler ran. ENOSYS: no signal can come.
int pause() { return fail(wait_for_alarm()); }

// EINVAL: unknown flags. ENOSYS: handlers run on the one stack there is.
int sigaltstack(const stack_t* stack, stack_t* previous) {
  if (stack != nullptr && (stack->ss_flags & ~(SS_ONSTACK | SS_DISABLE)) != 0) return fail(EINVAL);
  if (stack != nullptr && (stack->ss_flags & SS_DISABLE) == 0) return fail(ENOSYS);
  if (previous != nullptr) *previous = {nullptr, SS_DISABLE, 0};
  return 0;
}

}  // extern "C"
