// Condition variables of a program with one thread: nobody signals, so that a wait with a deadline lasts until then. wasi-libc's
// own takes every deadline for one of CLOCK_REALTIME, and so never waits for one of CLOCK_MONOTONIC.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <errno.h>
#include <pthread.h>
#include <time.h>

namespace {

// What the attributes, and the last word of a variable, say of the clock. A static initializer leaves CLOCK_REALTIME there.
constexpr unsigned monotonic = 1;

unsigned& flags(pthread_condattr_t* attributes) { return *reinterpret_cast<unsigned*>(attributes); }
unsigned& flags(pthread_cond_t* condition) {
  return reinterpret_cast<unsigned*>(condition)[sizeof *condition / sizeof(unsigned) - 1];
}

clockid_t clock_of(unsigned all) { return (all & monotonic) != 0 ? CLOCK_MONOTONIC : CLOCK_REALTIME; }

}  // namespace

extern "C" {

// pthread_condattr_setclock(3). Returns EINVAL: neither CLOCK_REALTIME nor CLOCK_MONOTONIC.
int __wrap_pthread_condattr_setclock(pthread_condattr_t* attributes, clockid_t clock) {
  if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC) return EINVAL;
  const unsigned others = flags(attributes) & ~monotonic;
  flags(attributes) = others | (clock == CLOCK_MONOTONIC ? monotonic : 0);
  return 0;
}

// pthread_condattr_getclock(3). Returns 0, always.
int __wrap_pthread_condattr_getclock(const pthread_condattr_t* attributes, clockid_t* clock) {
  pthread_condattr_t copy = *attributes;
  *clock = clock_of(flags(&copy));
  return 0;
}

// pthread_cond_init(3). Returns 0, always. Whether processes share it means nothing: there is one.
int __wrap_pthread_cond_init(pthread_cond_t* condition, const pthread_condattr_t* attributes) {
  *condition = PTHREAD_COND_INITIALIZER;
  if (attributes == nullptr) return 0;
  pthread_condattr_t copy = *attributes;
  flags(condition) = flags(&copy) & monotonic;
  return 0;
}

// pthread_cond_timedwait(3). Returns ETIMEDOUT: the deadline has come. EINVAL: its nanoseconds are out of range. 0: a signal
// was handled, whose handler may have signalled.
int __wrap_pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t*, const struct timespec* deadline) {
  if (deadline->tv_nsec < 0 || deadline->tv_nsec >= 1000000000) return EINVAL;
  if (deadline->tv_sec < 0) return ETIMEDOUT;
  const int error = clock_nanosleep(clock_of(flags(condition)), TIMER_ABSTIME, deadline, nullptr);
  return error == EINTR ? 0 : error != 0 ? error : ETIMEDOUT;
}

}  // extern "C"
