// Semaphores of a program with one thread: counters. Nobody else could ever raise one that it waits for.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <limits.h>
#include <semaphore.h>
#include <time.h>

#include "fail.h"

using posix_sockets::compat::fail;

namespace {

volatile int& count(sem_t* semaphore) { return semaphore->__val[0]; }

}  // namespace

extern "C" {

// EINVAL: above SEM_VALUE_MAX.
int sem_init(sem_t* semaphore, int, unsigned value) {
  if (value > SEM_VALUE_MAX) return fail(EINVAL);
  count(semaphore) = static_cast<int>(value);
  return 0;
}
int sem_destroy(sem_t*) { return 0; }
int sem_getvalue(sem_t* semaphore, int* value) {
  *value = count(semaphore);
  return 0;
}

// EOVERFLOW: it stands at SEM_VALUE_MAX.
int sem_post(sem_t* semaphore) {
  if (count(semaphore) == SEM_VALUE_MAX) return fail(EOVERFLOW);
  count(semaphore) = count(semaphore) + 1;
  return 0;
}

// EAGAIN: it stands at 0.
int sem_trywait(sem_t* semaphore) {
  if (count(semaphore) == 0) return fail(EAGAIN);
  count(semaphore) = count(semaphore) - 1;
  return 0;
}

// EDEADLK: it stands at 0, and no other thread could raise it.
int sem_wait(sem_t* semaphore) { return sem_trywait(semaphore) == 0 ? 0 : fail(EDEADLK); }

// EINVAL: the deadline's nanoseconds are out of range. ETIMEDOUT: it would wait, and the deadline (CLOCK_REALTIME) is
// past. EINTR: a signal was handled.
int sem_timedwait(sem_t* semaphore, const struct timespec* deadline) {
  if (deadline->tv_nsec < 0 || deadline->tv_nsec >= 1000000000) return fail(EINVAL);
  if (sem_trywait(semaphore) == 0) return 0;
  const int error = clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, deadline, nullptr);
  if (sem_trywait(semaphore) == 0) return 0;  // a signal's handler raised it
  return fail(error != 0 ? error : ETIMEDOUT);
}

// ENOSYS: always; named ones are for other processes.
sem_t* sem_open(const char*, int, ...) {
  errno = ENOSYS;
  return SEM_FAILED;
}
int sem_close(sem_t*) { return fail(EINVAL); }  // none can be open
int sem_unlink(const char*) { return fail(ENOSYS); }

}  // extern "C"
