// Delivery of emulated signals; see signal_state.h.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "signal_state.h"

#include <stdlib.h>
#include <unistd.h>

namespace posix_sockets::compat {
namespace {

struct Signal {
  struct sigaction action;
  union sigval value;
  int code;
};

Signal signals[_NSIG];
SignalBits blocked = 0;
SignalBits pending = 0;
constexpr SignalBits unblockable = SignalBits{1} << (SIGKILL - 1) | SignalBits{1} << (SIGSTOP - 1);
int handlers_run = 0;

bool has_handler(const struct sigaction& action) {
  return action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN;
}

void call_handler(int signal) {
  Signal& state = signals[signal];
  const struct sigaction action = state.action;
  if ((action.sa_flags & static_cast<int>(SA_RESETHAND)) != 0) {
    state.action.sa_handler = SIG_DFL;
    set_action(signal, state.action);
  }
  const SignalBits mask = blocked;
  const bool defer = (action.sa_flags & SA_NODEFER) == 0;
  set_blocked_signals(mask | to_bits(action.sa_mask) | (defer ? signal_bit(signal) : 0));
  ++handlers_run;
  if ((action.sa_flags & SA_SIGINFO) != 0) {
    siginfo_t info = {};
    info.si_signo = signal;
    info.si_code = state.code;
    info.si_pid = getpid();
    info.si_uid = getuid();
    info.si_value = state.value;
    action.sa_sigaction(signal, &info, nullptr);
  } else {
    action.sa_handler(signal);
  }
  set_blocked_signals(mask);
}

// What libc calls for every signal that is blocked or has a handler set by sigaction.
void trampoline(int signal) {
  if ((blocked & signal_bit(signal)) != 0)
    pending |= signal_bit(signal);
  else
    call_handler(signal);
}

// Puts into libc what the state asks for.
void install(int number) {
  const Signal& state = signals[number];
  const bool indirect = (blocked & signal_bit(number)) != 0 || has_handler(state.action);
  signal(number, indirect ? trampoline : state.action.sa_handler);
}

// Takes over what the program may have set by signal() in the meantime.
void refresh(int number) {
  void (*const installed)(int) = signal(number, SIG_IGN);
  if (installed == SIG_ERR || installed == trampoline) {
    if (installed == trampoline) signal(number, trampoline);
    return;
  }
  signal(number, installed);
  signals[number].action = {};
  signals[number].action.sa_handler = installed;
  signals[number].action.sa_flags = SA_RESTART;
}

void deliver(int number) {
  // libc has no default action for real-time signals and would call null; Linux's is to end the process.
  refresh(number);
  if (number >= 32 && (blocked & signal_bit(number)) == 0 && signals[number].action.sa_handler == SIG_DFL) abort();
  raise(number);
}

}  // namespace

SignalBits blocked_signals() { return blocked; }
SignalBits pending_signals() { return pending; }
void forget_pending(int signal) { pending &= ~signal_bit(signal); }

bool set_blocked_signals(SignalBits mask) {
  mask &= ~unblockable;
  const SignalBits changed = mask ^ blocked;
  if (changed == 0) return false;
  for (int number = 1; number < _NSIG; ++number)
    if ((changed & signal_bit(number)) != 0) refresh(number);
  blocked = mask;
  for (int number = 1; number < _NSIG; ++number)
    if ((changed & signal_bit(number)) != 0) install(number);
  const int before = handlers_run;
  for (int number = 1; number < _NSIG; ++number) {
    if ((pending & ~blocked & signal_bit(number)) == 0) continue;
    forget_pending(number);
    deliver(number);
  }
  return handlers_run != before;
}

struct sigaction action_of(int signal) {
  refresh(signal);
  return signals[signal].action;
}

void set_action(int signal, const struct sigaction& action) {
  signals[signal].action = action;
  install(signal);
}

void send_to_self(int signal, int code, union sigval value) {
  signals[signal].code = code;
  signals[signal].value = value;
  deliver(signal);
}

}  // namespace posix_sockets::compat
