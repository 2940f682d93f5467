// Asking for a signal at a time. ITIMER_REAL and alarm() are served, as far as the program waits: see wait/alarm.h.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/time.h>
#include <unistd.h>

#include "compat/fail.h"
#include "signals/state.h"
#include "support/pointer.h"
#include "wait/alarm.h"
#include "wit-bindings/host.h"

using namespace posix_sockets;
using namespace posix_sockets::signals;
using posix_sockets::compat::fail;

namespace {

constexpr uint64_t ns_per_s = 1000000000;
uint64_t interval_ns;

bool known_timer(int which) { return which == ITIMER_REAL || which == ITIMER_VIRTUAL || which == ITIMER_PROF; }
bool is_valid(const struct timeval& time) { return time.tv_sec >= 0 && time.tv_usec >= 0 && time.tv_usec < 1000000; }

uint64_t to_ns(const struct timeval& time) {
  constexpr uint64_t longest = INT64_MAX / ns_per_s - 1;
  const auto seconds = static_cast<uint64_t>(time.tv_sec);
  return (seconds < longest ? seconds : longest) * ns_per_s + static_cast<uint64_t>(time.tv_usec) * 1000;
}

struct timeval to_timeval(uint64_t ns) {
  const uint64_t us = (ns + 999) / 1000;  // what is set isn't 0
  return {static_cast<time_t>(us / 1000000), static_cast<suseconds_t>(us % 1000000)};
}

Interruption ring() {
  const uint64_t now = host::now();
  uint64_t& due = the_alarm.due.instant;
  due =
      interval_ns == 0 ? Deadline::never : due + ((now - due) / interval_ns + 1) * interval_ns;  // missed ones are one
  const struct sigaction action = action_of(SIGALRM);
  const bool blocked = (blocked_signals() & signal_bit(SIGALRM)) != 0;
  const bool handled = has_handler(SIGALRM);
  (void)send_to_self({SIGALRM, SI_KERNEL, {}});
  if (blocked) return Interruption::pending;
  if (!handled) return Interruption::none;
  return (static_cast<unsigned>(action.sa_flags) & SA_RESTART) != 0 ? Interruption::restart : Interruption::stop;
}

uint64_t left() {
  if (!the_alarm.is_set()) return 0;
  const uint64_t now = host::now();
  return the_alarm.due.instant > now ? the_alarm.due.instant - now : 1;
}

// Nanoseconds; 0 stops the timer.
void start(uint64_t first, uint64_t interval) {
  interval_ns = interval;
  the_alarm.ring = ring;
  set_blocked_signals(blocked_signals());  // so that calls that wait know of signals
  the_alarm.due = first == 0 ? Deadline{} : Deadline::after(host::now(), first);
}

}  // namespace

extern "C" {

// Seconds that were left of the alarm before, rounded as Linux does: to the nearest, but not to 0.
unsigned alarm(unsigned seconds) {
  const uint64_t before = left();
  start(seconds * ns_per_s, 0);
  const uint64_t rounded = (before + ns_per_s / 2) / ns_per_s;
  return static_cast<unsigned>(before != 0 && rounded == 0 ? 1 : rounded);
}

unsigned ualarm(unsigned first, unsigned interval) {
  const uint64_t before = left();
  start(first * uint64_t{1000}, interval * uint64_t{1000});
  return static_cast<unsigned>((before + 999) / 1000);
}

// EINVAL: no such timer. EFAULT.
int getitimer(int which, struct itimerval* value) {
  if (!known_timer(which)) return fail(EINVAL);
  if (!accessible(value)) return fail(EFAULT);
  *value = {};
  if (which == ITIMER_REAL) *value = {to_timeval(interval_ns), to_timeval(left())};
  return 0;
}

// EFAULT. EINVAL: no such timer, or a time out of range. ENOSYS: starting one that counts processor time; stopping it succeeds.
int setitimer(int which, const struct itimerval* value, struct itimerval* previous) {
  if (!known_timer(which)) return fail(EINVAL);
  if (value != nullptr && !accessible(value)) return fail(EFAULT);
  const struct itimerval wanted =
      value != nullptr ? *value : itimerval{};  // the two may be one; Linux takes null as zero
  if (!is_valid(wanted.it_value) || !is_valid(wanted.it_interval)) return fail(EINVAL);
  if (which != ITIMER_REAL && to_ns(wanted.it_value) != 0) return fail(ENOSYS);
  if (previous != nullptr && getitimer(which, previous) < 0) return -1;
  if (which == ITIMER_REAL) start(to_ns(wanted.it_value), to_ns(wanted.it_value) != 0 ? to_ns(wanted.it_interval) : 0);
  return 0;
}

}  // extern "C"
