// builds: native wasi
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the first thread can ask and set of itself, and semaphores.
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

static int rung;
static void ring(int number) { rung = number; }

// Whether a wait that nobody ends lasts until its deadline, 60 ms from now.
static int waited(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock) {
  struct timespec deadline, now;
  clock_gettime(clock, &deadline);
  deadline.tv_nsec += 60000000;
  if (deadline.tv_nsec >= 1000000000) {
    deadline.tv_nsec -= 1000000000;
    ++deadline.tv_sec;
  }
  const int error = pthread_cond_timedwait(condition, mutex, &deadline);
  clock_gettime(clock, &now);
  const int later = now.tv_sec > deadline.tv_sec || (now.tv_sec == deadline.tv_sec && now.tv_nsec >= deadline.tv_nsec);
  return error == ETIMEDOUT && later;
}

static void names_and_requests(void) {
  char name[16] = "";
  CHECK(pthread_setname_np(pthread_self(), "worker") == 0);
  CHECK(pthread_getname_np(pthread_self(), name, sizeof name) == 0 && strcmp(name, "worker") == 0);
  CHECK(pthread_setname_np(pthread_self(), "a name that is too long") == ERANGE);
  CHECK(pthread_getname_np(pthread_self(), name, 15) == ERANGE);
  CHECK(prctl(PR_SET_NAME, "a name that is too long") == 0);
  CHECK(prctl(PR_GET_NAME, name) == 0 && strcmp(name, "a name that is ") == 0);
  FAILS(prctl(PR_SET_PDEATHSIG, 1000), EINVAL);
  FAILS(prctl(PR_SET_NO_NEW_PRIVS, 2, 0, 0, 0), EINVAL);
  CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
  FAILS(prctl(-1), EINVAL);
}

static void scheduling(void) {
  signal(SIGUSR1, ring);
  CHECK(pthread_kill(pthread_self(), SIGUSR1) == 0 && rung == SIGUSR1);
  CHECK(pthread_kill(pthread_self(), 0) == 0 && pthread_kill(pthread_self(), 1000) == EINVAL);
  int policy = -1;
  struct sched_param parameter;
  CHECK(pthread_getschedparam(pthread_self(), &policy, &parameter) == 0);
  CHECK(policy == SCHED_OTHER && parameter.sched_priority == 0);
  CHECK(pthread_setschedparam(pthread_self(), policy, &parameter) == 0);
  CHECK(pthread_atfork(NULL, NULL, NULL) == 0);
  pthread_attr_t attributes;
  int value = -1;
  CHECK(pthread_attr_init(&attributes) == 0);
  CHECK(pthread_attr_setscope(&attributes, PTHREAD_SCOPE_SYSTEM) == 0);
  CHECK(pthread_attr_setscope(&attributes, PTHREAD_SCOPE_PROCESS) == ENOTSUP);
  CHECK(pthread_attr_getscope(&attributes, &value) == 0 && value == PTHREAD_SCOPE_SYSTEM);
  CHECK(pthread_attr_setinheritsched(&attributes, 77) == EINVAL);
  CHECK(pthread_attr_getinheritsched(&attributes, &value) == 0 && value == PTHREAD_INHERIT_SCHED);
  CHECK(pthread_attr_setschedpolicy(&attributes, 77) == EINVAL);
}

static void affinity(void) {
  cpu_set_t set;
  CHECK(sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) >= 1);
  CHECK(sched_setaffinity(0, sizeof set, &set) == 0);
  CHECK(pthread_getaffinity_np(pthread_self(), sizeof set, &set) == 0 && CPU_ISSET(sched_getcpu(), &set));
  FAILS(sched_getaffinity(0, 3, &set), EINVAL);
  CPU_ZERO(&set);
  FAILS(sched_setaffinity(0, sizeof set, &set), EINVAL);
  CPU_SET(70, &set);
  CHECK(CPU_COUNT(&set) == 1 && CPU_ISSET(70, &set) && !CPU_ISSET(0, &set));
}

static void semaphores(void) {
  int value = -1;
  sem_t semaphore;
  CHECK(sem_init(&semaphore, 0, 1) == 0);
  CHECK(sem_wait(&semaphore) == 0);
  FAILS(sem_trywait(&semaphore), EAGAIN);
  struct timespec deadline;
  clock_gettime(CLOCK_REALTIME, &deadline);
  FAILS(sem_timedwait(&semaphore, &deadline), ETIMEDOUT);
  deadline.tv_nsec = -1;
  FAILS(sem_timedwait(&semaphore, &deadline), EINVAL);
  CHECK(sem_post(&semaphore) == 0 && sem_post(&semaphore) == 0);
  CHECK(sem_getvalue(&semaphore, &value) == 0 && value == 2);
  FAILS(sem_timedwait(&semaphore, &deadline), EINVAL);
  deadline.tv_nsec = 0;
  CHECK(sem_timedwait(&semaphore, &deadline) == 0 && sem_trywait(&semaphore) == 0);
  CHECK(sem_destroy(&semaphore) == 0);
  FAILS(sem_init(&semaphore, 0, 0x80000000U), EINVAL);
}

static void conditions(void) {
  struct timespec deadline = {0, 0};
  pthread_condattr_t clocks;
  CHECK(pthread_condattr_init(&clocks) == 0);
  clockid_t clock;
  CHECK(pthread_condattr_getclock(&clocks, &clock) == 0 && clock == CLOCK_REALTIME);
  CHECK(pthread_condattr_setclock(&clocks, (clockid_t)12345) == EINVAL);
  CHECK(pthread_condattr_setclock(&clocks, CLOCK_MONOTONIC) == 0);
  CHECK(pthread_condattr_getclock(&clocks, &clock) == 0 && clock == CLOCK_MONOTONIC);
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t by_wall = PTHREAD_COND_INITIALIZER, by_monotonic;
  CHECK(pthread_cond_init(&by_monotonic, &clocks) == 0);
  CHECK(pthread_mutex_lock(&mutex) == 0);
  CHECK(waited(&by_monotonic, &mutex, CLOCK_MONOTONIC));
  CHECK(waited(&by_wall, &mutex, CLOCK_REALTIME));
  CHECK(pthread_cond_init(&by_wall, NULL) == 0);
  CHECK(waited(&by_wall, &mutex, CLOCK_REALTIME));
  deadline.tv_nsec = 1000000000;
  CHECK(pthread_cond_timedwait(&by_wall, &mutex, &deadline) == EINVAL);
  CHECK(pthread_mutex_unlock(&mutex) == 0);
}

static void ranges_of_descriptors(void) {
  const int low = dup(2);
  CHECK(low > 2 && dup2(2, low + 5) == low + 5);
  CHECK(close_range(low, low + 5, 0) == 0);
  FAILS(fcntl(low, F_GETFD), EBADF);
  FAILS(fcntl(low + 5, F_GETFD), EBADF);
  FAILS(close_range(5, 4, 0), EINVAL);
}

int main(void) {
  names_and_requests();
  scheduling();
  affinity();
  semaphores();
  conditions();
  ranges_of_descriptors();
  if (done() != 0) return 1;
  pthread_exit(NULL);  // the program ends, with 0
}
