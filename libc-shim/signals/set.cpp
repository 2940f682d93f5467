// Sets of signals.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <signal.h>

#include "compat/fail.h"
#include "signals/state.h"

using posix_sockets::compat::fail;
using posix_sockets::signals::is_signal;
using posix_sockets::signals::signal_bit;
using posix_sockets::signals::SignalBits;
using posix_sockets::signals::to_bits;
using posix_sockets::signals::to_set;

extern "C" {

int sigemptyset(sigset_t* set) {
  *set = to_set(0);
  return 0;
}
int sigfillset(sigset_t* set) {
  *set = to_set(~SignalBits{0});
  return 0;
}

// EINVAL: not a signal.
int sigaddset(sigset_t* set, int signal) {
  if (!is_signal(signal)) return fail(EINVAL);
  *set = to_set(to_bits(*set) | signal_bit(signal));
  return 0;
}
int sigdelset(sigset_t* set, int signal) {
  if (!is_signal(signal)) return fail(EINVAL);
  *set = to_set(to_bits(*set) & ~signal_bit(signal));
  return 0;
}
int sigismember(const sigset_t* set, int signal) {
  if (!is_signal(signal)) return fail(EINVAL);
  return (to_bits(*set) & signal_bit(signal)) != 0;
}

int sigisemptyset(const sigset_t* set) { return to_bits(*set) == 0; }
int sigorset(sigset_t* set, const sigset_t* left, const sigset_t* right) {
  *set = to_set(to_bits(*left) | to_bits(*right));
  return 0;
}
int sigandset(sigset_t* set, const sigset_t* left, const sigset_t* right) {
  *set = to_set(to_bits(*left) & to_bits(*right));
  return 0;
}

}  // extern "C"
