// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Alarms where nothing else could end a wait, and where there is no memory.
#include "scene.h"

namespace {

int rung;

void alarm_in(suseconds_t milliseconds) {
  const itimerval value = {{0, 0}, {0, milliseconds * 1000}};
  CHILD_CHECK(guest::setitimer(ITIMER_REAL, &value, nullptr) == 0);
}

void handle_alarm(void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  CHILD_CHECK(guest::sigaction(SIGALRM, &action, nullptr) == 0);
}

}  // namespace

TEST_CASE("alarm: one that is ignored ends no wait, and then nothing can") {
  Scene scene;
  CHECK(in_child([] {
    handle_alarm(SIG_IGN);
    const int timer = guest::timerfd_create(CLOCK_MONOTONIC, 0);
    alarm_in(5);
    uint64_t count;
    CHILD_CHECK(guest::read(timer, &count, sizeof count) == -1);
    CHILD_CHECK(errno == EDEADLK);
    guest::close(timer);
  }));
}

TEST_CASE("alarm: its handler runs without memory") {
  Scene scene;
  CHECK(in_child([] {
    handle_alarm([](int) { ++rung; });
    alarm_in(5);
    fake::memory::fail_at(1);
    CHILD_CHECK(guest::poll(nullptr, 0, 20) == -1);
    CHILD_CHECK(errno == EINTR);
    CHILD_CHECK(rung == 1);
    CHILD_CHECK(!fake::memory::refused());
  }));
}
