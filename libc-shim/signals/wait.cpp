// Taking pending signals out one by one.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <signal.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

#include "compat/fail.h"
#include "signals/state.h"
#include "wait/alarm.h"
#include "wait/poll_set.h"
#include "wit-bindings/host.h"

using namespace posix_sockets;
using namespace posix_sockets::signals;
using posix_sockets::compat::fail;

namespace {

int describe(const SentSignal& sent, siginfo_t* info) {
  if (info != nullptr) {
    *info = info_of(sent);
    if (sent.code == SI_TKILL) info->si_code = SI_USER;  // as glibc, since ISO C's raise knows no threads
  }
  return sent.signal;
}

int wait_for(const sigset_t& set, siginfo_t* info, Deadline deadline) {
  for (;;) {
    SentSignal sent;
    if (take_pending(to_bits(set), sent)) return describe(sent, info);
    const Deadline until = the_alarm.due.instant < deadline.instant ? the_alarm.due : deadline;
    if (until.is_never()) return fail(ENOSYS);
    PollSet nothing;
    if (nothing.wait(until) == EINTR) return fail(EINTR);
    if (until.instant == deadline.instant && (to_bits(set) & pending_signals()) == 0) return fail(EAGAIN);
  }
}

}  // namespace

namespace posix_sockets::signals {

int wait_for_alarm() {
  while (the_alarm.is_set()) {
    PollSet nothing;
    if (nothing.wait(the_alarm.due) == EINTR) return EINTR;
  }
  return ENOSYS;
}

}  // namespace posix_sockets::signals

extern "C" {

// EFAULT: null. EINTR: the handler of another signal ran. ENOSYS: none of the set is pending, and none can come.
int sigwaitinfo(const sigset_t* set, siginfo_t* info) {
  if (set == nullptr) return fail(EFAULT);
  return wait_for(*set, info, Deadline{});
}

// EFAULT: null. EINVAL: a time out of range. EINTR: the handler of another signal ran. EAGAIN: the time passed.
int sigtimedwait(const sigset_t* set, siginfo_t* info, const struct timespec* timeout) {
  if (timeout == nullptr) return sigwaitinfo(set, info);
  if (set == nullptr) return fail(EFAULT);
  if (timeout->tv_sec < 0 || timeout->tv_nsec < 0 || timeout->tv_nsec >= 1000000000) return fail(EINVAL);
  constexpr auto longest = static_cast<time_t>(INT64_MAX / 1000000000 - 1);
  const auto seconds = static_cast<uint64_t>(timeout->tv_sec < longest ? timeout->tv_sec : longest);
  const uint64_t ns = seconds * 1000000000 + static_cast<uint64_t>(timeout->tv_nsec);
  return wait_for(*set, info, Deadline::after(host::now(), ns));
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
