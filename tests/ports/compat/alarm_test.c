// builds: native wasi
// Alarms while the program waits: each kind of wait, restarting, what is left.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

static volatile sig_atomic_t rung;
static int wake = -1;

static void on_alarm(int signal) {
  ++rung;
  CHECK(signal == SIGALRM);
  if (wake >= 0) CHECK(write(wake, "w", 1) == 1);
}

static void set_handler(int flags) {
  struct sigaction action = {0};
  action.sa_handler = on_alarm;
  action.sa_flags = flags;
  CHECK(sigaction(SIGALRM, &action, NULL) == 0);
  rung = 0;
}

static void start(int first_ms, int interval_ms) {
  const struct itimerval timer = {{0, interval_ms * 1000}, {0, first_ms * 1000}};
  CHECK(setitimer(ITIMER_REAL, &timer, NULL) == 0);
}

static void waits(void) {
  int pair[2];
  CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
  char byte;
  const int flags[] = {0, SA_RESTART};
  for (int i = 0; i < 2; ++i) {  // these are never restarted
    set_handler(flags[i]);
    struct pollfd entry = {pair[0], POLLIN, 0};
    start(20, 0);
    FAILS(poll(&entry, 1, 5000), EINTR);
    start(20, 0);
    FAILS(poll(NULL, 0, -1), EINTR);
    fd_set set;
    FD_ZERO(&set);
    FD_SET(pair[0], &set);
    struct timeval long_time = {5, 0};
    start(20, 0);
    FAILS(select(pair[0] + 1, &set, NULL, NULL, &long_time), EINTR);
    const int waiting = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN};
    CHECK(epoll_ctl(waiting, EPOLL_CTL_ADD, pair[0], &event) == 0);
    start(20, 0);
    FAILS(epoll_wait(waiting, &event, 1, -1), EINTR);
    close(waiting);
    const struct timespec five = {5, 0};
    struct timespec left = {0, 0};
    start(20, 0);
    FAILS(nanosleep(&five, &left), EINTR);
    CHECK(left.tv_sec == 4 && left.tv_nsec > 500000000);
    start(20, 0);
    FAILS(pause(), EINTR);
    CHECK(rung == 6);
  }

  set_handler(0);
  start(20, 0);
  FAILS(recv(pair[0], &byte, 1, 0), EINTR);
  start(20, 0);
  FAILS(read(pair[0], &byte, 1), EINTR);
  CHECK(rung == 2);

  set_handler(SA_RESTART);
  wake = pair[1];  // the handler makes what the restarted call waits for
  start(20, 0);
  CHECK(recv(pair[0], &byte, 1, 0) == 1 && byte == 'w');
  wake = -1;
  const struct timeval seconds = {5, 0};
  CHECK(setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &seconds, sizeof seconds) == 0);
  start(20, 0);
  FAILS(recv(pair[0], &byte, 1, 0), EINTR);  // a call with a timeout isn't restarted
  CHECK(rung == 2);
  close(pair[0]);
  close(pair[1]);
}

static void network(void) {
  set_handler(0);
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  CHECK(listen(listener, 1) == 0);
  start(20, 0);
  FAILS(accept(listener, NULL, NULL), EINTR);
  const int datagrams = socket(AF_INET, SOCK_DGRAM, 0);
  char byte;
  start(20, 0);
  FAILS(recv(datagrams, &byte, 1, 0), EINTR);
  close(listener);
  close(datagrams);
}

static void timers(void) {
  set_handler(0);
  struct itimerval value;
  start(20, 10);
  for (int i = 1; i <= 4; ++i) {
    FAILS(poll(NULL, 0, 5000), EINTR);
    CHECK(rung == i);
  }
  CHECK(getitimer(ITIMER_REAL, &value) == 0 && value.it_interval.tv_usec == 10000 && value.it_value.tv_usec <= 10000);
  const struct itimerval off = {{0, 0}, {0, 0}};
  CHECK(setitimer(ITIMER_REAL, &off, &value) == 0 && value.it_interval.tv_usec == 10000);
  CHECK(getitimer(ITIMER_REAL, &value) == 0 && value.it_value.tv_sec == 0 && value.it_value.tv_usec == 0);
  CHECK(poll(NULL, 0, 30) == 0);
  CHECK(rung == 4);

  CHECK(alarm(100) == 0 && alarm(50) == 100);
  CHECK(getitimer(ITIMER_REAL, &value) == 0 && value.it_value.tv_sec >= 49 && value.it_interval.tv_usec == 0);
  CHECK(alarm(0) == 50 && alarm(0) == 0);
  CHECK(alarm(1) == 0);
  CHECK(sleep(30) >= 28);
  CHECK(rung == 5);

  // Ignored, and blocked.
  signal(SIGALRM, SIG_IGN);
  start(10, 0);
  CHECK(poll(NULL, 0, 40) == 0);
  set_handler(0);
  sigset_t one, before;
  sigemptyset(&one);
  sigaddset(&one, SIGALRM);
  CHECK(sigprocmask(SIG_BLOCK, &one, &before) == 0);
  start(10, 0);
  CHECK(poll(NULL, 0, 40) == 0 && rung == 0);
  CHECK(sigwaitinfo(&one, NULL) == SIGALRM);
  start(10, 0);
  int signal;
  CHECK(sigwait(&one, &signal) == 0 && signal == SIGALRM);
  start(10, 0);
  FAILS(sigsuspend(&before), EINTR);
  CHECK(rung == 1);
  const struct timespec ms = {0, 1000000};
  FAILS(sigtimedwait(&one, NULL, &ms), EAGAIN);
  CHECK(sigprocmask(SIG_SETMASK, &before, NULL) == 0);
}

int main(void) {
  waits();
  network();
  timers();
  return done();
}
