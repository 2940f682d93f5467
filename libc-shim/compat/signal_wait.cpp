// Taking pending signals out one by one.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "fail.h"
#include "signal_state.h"

using namespace posix_sockets::compat;

namespace {

// The lowest pending signal of the set, taken out, or 0.
int take(const sigset_t& set) {
  const SignalBits ready = to_bits(set) & pending_signals();
  if (ready == 0) return 0;
  const int signal = __builtin_ctzll(ready) + 1;
  forget_pending(signal);
  return signal;
}

int describe(int signal, siginfo_t* info) {
  if (info != nullptr) {
    *info = {};
    info->si_signo = signal;
    info->si_code = SI_USER;
    info->si_pid = getpid();
    info->si_uid = getuid();
  }
  return signal;
}

}  // namespace

extern "C" {

// EFAULT: null. ENOSYS: none of the set is pending, and none can come.
int sigwaitinfo(const sigset_t* set, siginfo_t* info) {
  if (set == nullptr) return fail(EFAULT);
  const int signal = take(*set);
  return signal != 0 ? describe(signal, info) : fail(ENOSYS);
}

// EFAULT: null. EINVAL: a time out of range. EAGAIN: the time passed.
int sigtimedwait(const sigset_t* set, siginfo_t* info, const struct timespec* timeout) {
  if (timeout == nullptr) return sigwaitinfo(set, info);
  if (set == nullptr) return fail(EFAULT);
  if (timeout->tv_sec < 0 || timeout->tv_nsec < 0 || timeout->tv_nsec >= 1000000000) return fail(EINVAL);
  const int signal = take(*set);
  if (signal != 0) return describe(signal, info);
  nanosleep(timeout, nullptr);
  return fail(EAGAIN);
}

// Returns EFAULT: null. ENOSYS: none of the set is pending, and none can come.
int sigwait(const sigset_t* set, int* signal) {
  if (signal == nullptr) return EFAULT;
  const int taken = sigwaitinfo(set, nullptr);
  if (taken < 0) return errno;
  *signal = taken;
  return 0;
}

}  // extern "C"
