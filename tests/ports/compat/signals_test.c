// builds: native wasi
// Signals that a process sends to itself.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <setjmp.h>
#include <signal.h>
#include <unistd.h>

#include "check.h"

static volatile int calls, last_signal, nested_blocked;
static volatile siginfo_t last_info;

static void count(int signal) {
  ++calls;
  last_signal = signal;
  sigset_t mask;
  sigprocmask(SIG_BLOCK, NULL, &mask);
  nested_blocked = sigismember(&mask, signal);
}
static void count_info(int signal, siginfo_t* info, void* context) {
  (void)context;
  count(signal);
  last_info = *info;
}

static sigset_t set_of(int signal) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal);
  return set;
}

static void sets(void) {
  sigset_t set;
  CHECK(sigemptyset(&set) == 0);
  for (int signal = 1; signal < 32; ++signal) CHECK(sigismember(&set, signal) == 0);
  CHECK(sigaddset(&set, SIGTERM) == 0 && sigaddset(&set, SIGRTMAX) == 0);
  CHECK(sigismember(&set, SIGTERM) == 1 && sigismember(&set, SIGRTMAX) == 1 && sigismember(&set, SIGINT) == 0);
  CHECK(sigdelset(&set, SIGTERM) == 0 && sigismember(&set, SIGTERM) == 0);
  CHECK(sigfillset(&set) == 0 && sigismember(&set, SIGCHLD) == 1);
  FAILS(sigaddset(&set, 0), EINVAL);
  FAILS(sigaddset(&set, 1000), EINVAL);
  FAILS(sigdelset(&set, -1), EINVAL);
  FAILS(sigismember(&set, 65), EINVAL);
}

static void actions(void) {
  struct sigaction action = {0}, held;
  CHECK(sigaction(SIGUSR1, NULL, &held) == 0 && held.sa_handler == SIG_DFL);
  action.sa_handler = count;
  CHECK(sigaction(SIGUSR1, &action, &held) == 0 && held.sa_handler == SIG_DFL);
  CHECK(sigaction(SIGUSR1, NULL, &held) == 0 && held.sa_handler == count);
  calls = 0;
  CHECK(raise(SIGUSR1) == 0 && calls == 1 && last_signal == SIGUSR1 && nested_blocked == 1);
  CHECK(kill(getpid(), SIGUSR1) == 0 && calls == 2);
  CHECK(raise(SIGUSR1) == 0 && calls == 3);

  action.sa_flags = SA_NODEFER;
  CHECK(sigaction(SIGUSR1, &action, NULL) == 0 && raise(SIGUSR1) == 0 && nested_blocked == 0);

  action.sa_flags = (int)SA_RESETHAND;
  calls = 0;
  CHECK(sigaction(SIGUSR1, &action, NULL) == 0 && raise(SIGUSR1) == 0 && calls == 1);
  CHECK(sigaction(SIGUSR1, NULL, &held) == 0 && held.sa_handler == SIG_DFL);

  action.sa_flags = SA_SIGINFO;
  action.sa_sigaction = count_info;
  CHECK(sigaction(SIGUSR2, &action, NULL) == 0);
  CHECK(kill(getpid(), SIGUSR2) == 0 && last_info.si_signo == SIGUSR2 && last_info.si_code == SI_USER);
  CHECK(last_info.si_pid == getpid() && last_info.si_uid == getuid());
  const union sigval value = {.sival_int = 4711};
  CHECK(sigqueue(getpid(), SIGUSR2, value) == 0);
  CHECK(last_info.si_code == SI_QUEUE && last_info.si_value.sival_int == 4711);

  // signal() and sigaction() know of each other.
  CHECK(signal(SIGUSR1, count) == SIG_DFL);
  CHECK(sigaction(SIGUSR1, NULL, &held) == 0 && held.sa_handler == count);
  CHECK(signal(SIGUSR1, SIG_IGN) == count);
  CHECK(sigaction(SIGUSR1, NULL, &held) == 0 && held.sa_handler == SIG_IGN);
  CHECK(raise(SIGUSR1) == 0);

  FAILS(sigaction(0, NULL, &held), EINVAL);
  FAILS(sigaction(65, &action, NULL), EINVAL);
  FAILS(sigaction(SIGKILL, &action, NULL), EINVAL);
  FAILS(sigaction(SIGSTOP, &action, NULL), EINVAL);
}

static void masks(void) {
  struct sigaction action = {0};
  action.sa_handler = count;
  CHECK(sigaction(SIGTERM, &action, NULL) == 0 && sigaction(SIGHUP, &action, NULL) == 0);
  sigset_t term = set_of(SIGTERM), before, pending;
  CHECK(sigprocmask(SIG_BLOCK, &term, &before) == 0 && sigismember(&before, SIGTERM) == 0);
  calls = 0;
  CHECK(raise(SIGTERM) == 0 && raise(SIGTERM) == 0 && calls == 0);
  CHECK(sigpending(&pending) == 0 && sigismember(&pending, SIGTERM) == 1 && sigismember(&pending, SIGHUP) == 0);
  CHECK(raise(SIGHUP) == 0 && calls == 1);
  CHECK(sigprocmask(SIG_UNBLOCK, &term, NULL) == 0 && calls == 2 && last_signal == SIGTERM);
  CHECK(sigpending(&pending) == 0 && sigismember(&pending, SIGTERM) == 0);

  // A default action waits as well: without the mask this would end the process.
  sigset_t alarm_set = set_of(SIGALRM);
  CHECK(signal(SIGALRM, SIG_DFL) == SIG_DFL);
  CHECK(sigprocmask(SIG_SETMASK, &alarm_set, NULL) == 0 && raise(SIGALRM) == 0);
  CHECK(signal(SIGALRM, SIG_IGN) != SIG_ERR);
  CHECK(sigprocmask(SIG_SETMASK, &before, NULL) == 0);

  // sa_mask: SIGHUP sent inside waits for the handler's end.
  CHECK(sigprocmask(SIG_BLOCK, &term, NULL) == 0 && raise(SIGTERM) == 0);
  sigset_t none;
  sigemptyset(&none);
  calls = 0;
  FAILS(sigsuspend(&none), EINTR);
  CHECK(calls == 1 && sigprocmask(SIG_BLOCK, NULL, &pending) == 0 && sigismember(&pending, SIGTERM) == 1);

  int taken = 0;
  CHECK(raise(SIGTERM) == 0 && sigwait(&term, &taken) == 0 && taken == SIGTERM && calls == 1);
  const struct timespec soon = {0, 1000000};
  FAILS(sigtimedwait(&term, NULL, &soon), EAGAIN);
  CHECK(sigprocmask(SIG_SETMASK, &before, NULL) == 0);

  FAILS(sigprocmask(77, &term, NULL), EINVAL);
  CHECK(sigprocmask(77, NULL, NULL) == 0);
  CHECK(pthread_sigmask(77, &term, NULL) == EINVAL);
}

static void jumps(void) {
  sigset_t term = set_of(SIGTERM), mask;
  sigjmp_buf place;
  volatile int round = 0;
  if (sigsetjmp(place, 1) == 0) {
    ++round;
    sigprocmask(SIG_BLOCK, &term, NULL);
    siglongjmp(place, 5);
  }
  CHECK(round == 1);
  CHECK(sigprocmask(SIG_BLOCK, NULL, &mask) == 0 && sigismember(&mask, SIGTERM) == 0);
}

static void kills(void) {
  CHECK(kill(getpid(), 0) == 0 && kill(0, 0) == 0);
  FAILS(kill(getpid(), 65), EINVAL);
  FAILS(kill(getpid(), -1), EINVAL);
  FAILS(kill(0x3ffffff, SIGTERM), ESRCH);
}

int main(void) {
  sets();
  actions();
  masks();
  jumps();
  kills();
  return done();
}
