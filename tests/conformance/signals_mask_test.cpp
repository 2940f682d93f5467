// The masks of ppoll, pselect, epoll_pwait and sigsuspend, and signals that come while a call waits.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/select.h>

#include "epoll_help.h"
#include "local.h"
#include "signals.h"

using namespace conformance;

namespace {

using Signals = std::vector<int>;

// The calls that take a mask, on one descriptor.
struct Waiter {
  const char* name;
  int (*wait)(int fd, long milliseconds, const sigset_t* mask);
};

int by_ppoll(int fd, long time, const sigset_t* mask) {
  pollfd entry{};
  entry.fd = fd;
  entry.events = POLLIN;
  timespec timeout = milliseconds(time);
  return ppoll(&entry, 1, &timeout, mask);
}

int by_pselect(int fd, long time, const sigset_t* mask) {
  fd_set set;
  FD_ZERO(&set);
  FD_SET(fd, &set);
  timespec timeout = milliseconds(time);
  return pselect(fd + 1, &set, nullptr, nullptr, &timeout, mask);
}

int by_epoll_pwait(int fd, long time, const sigset_t* mask) {
  Epoll set;
  set.add(fd, EPOLLIN);
  epoll_event event;
  return epoll_pwait(set, &event, 1, static_cast<int>(time), mask);
}

int by_epoll_pwait2(int fd, long time, const sigset_t* mask) {
  Epoll set;
  set.add(fd, EPOLLIN);
  epoll_event event;
  timespec timeout = milliseconds(time);
  return epoll_pwait2(set, &event, 1, &timeout, mask);
}

#define WAITER_CASE(text) WAITER_CASE_(CONFORMANCE_JOIN(waiter_body_, __LINE__), text)
#define WAITER_CASE_(body, text)                                                  \
  static void body(int (*wait)(int fd, long milliseconds, const sigset_t* mask)); \
  TEST_CASE("signals: ppoll " text) { body(by_ppoll); }                           \
  TEST_CASE("signals: pselect " text) { body(by_pselect); }                       \
  TEST_CASE("signals: epoll_pwait " text) { body(by_epoll_pwait); }               \
  TEST_CASE("signals: epoll_pwait2 " text) { body(by_epoll_pwait2); }             \
  static void body(int (*wait)(int fd, long milliseconds, const sigset_t* mask))

}  // namespace

WAITER_CASE("ends when its mask lets a pending signal through") {
  handle(SIGUSR1);
  block({SIGUSR1});
  raise(SIGUSR1);
  CHECK(is_pending(SIGUSR1));
  Pipe p = make_pipe();
  sigset_t none = signals({});
  CHECK_FAILS(wait(p.reader, 5000, &none), EINTR);
  CHECK(handled == Signals{SIGUSR1});
  CHECK(is_blocked(SIGUSR1));
  CHECK_FALSE(is_pending(SIGUSR1));
}

WAITER_CASE("lets events go before signals, which stay pending") {
  handle(SIGUSR1);
  block({SIGUSR1});
  raise(SIGUSR1);
  Pipe p = make_pipe();
  REQUIRE_RETURNS(write(p.writer, "x", 1), 1);
  sigset_t none = signals({});
  CHECK_RETURNS(wait(p.reader, 5000, &none), 1);
  CHECK(handled.empty());
  CHECK(is_pending(SIGUSR1));
  CHECK(is_blocked(SIGUSR1));
}

WAITER_CASE("waits on when its mask keeps the signal blocked") {
  handle(SIGUSR1);
  handle(SIGUSR2);
  block({SIGUSR1, SIGUSR2});
  raise(SIGUSR1);
  Pipe p = make_pipe();
  sigset_t one = signals({SIGUSR1});
  CHECK_RETURNS(wait(p.reader, 20, &one), 0);
  CHECK_RETURNS(wait(p.reader, 20, nullptr), 0);
  CHECK(handled.empty());
  raise(SIGUSR2);
  CHECK_FAILS(wait(p.reader, 5000, &one), EINTR);
  CHECK(handled == Signals{SIGUSR2});
  CHECK(is_pending(SIGUSR1));
}

WAITER_CASE("is ended by an alarm that only its mask lets through") {
  handle(SIGALRM);
  block({SIGALRM});
  send_alarm_after(20);
  Pipe p = make_pipe();
  sigset_t none = signals({});
  CHECK_FAILS(wait(p.reader, 5000, &none), EINTR);
  CHECK(handled == Signals{SIGALRM});
  CHECK(is_blocked(SIGALRM));
}

WAITER_CASE("isn't ended by an alarm that its mask blocks, and which comes at its end") {
  handle(SIGALRM);
  send_alarm_after(20);
  Pipe p = make_pipe();
  sigset_t alarm = signals({SIGALRM});
  CHECK_RETURNS(wait(p.reader, 100, &alarm), 0);
  CHECK(handled == Signals{SIGALRM});
  CHECK_FALSE(is_blocked(SIGALRM));
}

WAITER_CASE("gives EFAULT for a mask that isn't there") {
  Pipe p = make_pipe();
  auto* nowhere = reinterpret_cast<const sigset_t*>(~std::uintptr_t{0xfff});
  CHECK_FAILS(wait(p.reader, 0, nowhere), EFAULT);
}

TEST_CASE("signals: poll and select are interrupted although the handler has SA_RESTART") {
  handle(SIGALRM, SA_RESTART);
  send_alarm_after(20);
  CHECK_FAILS(poll(nullptr, 0, 5000), EINTR);
  send_alarm_after(20);
  timeval time{5, 0};
  CHECK_FAILS(select(0, nullptr, nullptr, nullptr, &time), EINTR);
  CHECK(handled.size() == 2);
}

TEST_CASE("signals: with no time to wait ppoll and pselect see a pending signal, epoll_pwait doesn't") {
  handle(SIGUSR1);
  block({SIGUSR1});
  Pipe p = make_pipe();
  sigset_t none = signals({});
  raise(SIGUSR1);
  CHECK_FAILS(by_ppoll(p.reader, 0, &none), EINTR);
  raise(SIGUSR1);
  CHECK_FAILS(by_pselect(p.reader, 0, &none), EINTR);
  raise(SIGUSR1);
  CHECK_RETURNS(by_epoll_pwait(p.reader, 0, &none), 0);
  CHECK(handled.size() == 2);
  CHECK(is_pending(SIGUSR1));
}

TEST_CASE("signals: an ignored signal that the mask lets through ends epoll_pwait, and not ppoll") {
  block({SIGCHLD});
  Pipe p = make_pipe();
  sigset_t none = signals({});
  raise(SIGCHLD);
  CHECK(is_pending(SIGCHLD));
  CHECK_RETURNS(by_ppoll(p.reader, 10, &none), 0);
  CHECK_FALSE(is_pending(SIGCHLD));
  raise(SIGCHLD);
  CHECK_FAILS(by_epoll_pwait(p.reader, 10, &none), EINTR);
  CHECK_FALSE(is_pending(SIGCHLD));
}

TEST_CASE("signals: what the handler's own mask blocks is pending when sigsuspend returns") {
  handle(SIGUSR1, 0, {SIGUSR2});
  handle(SIGUSR2);
  block({SIGUSR1, SIGUSR2});
  raise(SIGUSR1);
  raise(SIGUSR2);
  sigset_t none = signals({});
  CHECK_FAILS(sigsuspend(&none), EINTR);
  CHECK(handled == Signals{SIGUSR1});
  CHECK(is_pending(SIGUSR2));
  CHECK_FAILS(sigsuspend(&none), EINTR);
  CHECK(handled == Signals{SIGUSR1, SIGUSR2});
  CHECK(is_blocked(SIGUSR1));
}

TEST_CASE("signals: sigsuspend runs only what its mask lets through") {
  handle(SIGUSR1);
  handle(SIGUSR2);
  block({SIGUSR1, SIGUSR2});
  raise(SIGUSR1);
  raise(SIGUSR2);
  sigset_t first = signals({SIGUSR1});
  CHECK_FAILS(sigsuspend(&first), EINTR);
  CHECK(handled == Signals{SIGUSR2});
  CHECK(is_pending(SIGUSR1));
}

TEST_CASE("signals: sigsuspend waits for an alarm") {
  handle(SIGALRM);
  block({SIGALRM});
  send_alarm_after(20);
  sigset_t none = signals({});
  CHECK_FAILS(sigsuspend(&none), EINTR);
  CHECK(handled == Signals{SIGALRM});
  CHECK(is_blocked(SIGALRM));
}

TEST_CASE("signals: a handler can wait with a mask of its own") {
  static Pipe p = make_pipe();
  struct sigaction action{};
  action.sa_handler = [](int number) {
    handled.push_back(number);
    if (number != SIGUSR1) return;
    raise(SIGUSR2);  // blocked by sa_mask
    sigset_t none = signals({});
    handled.push_back(by_ppoll(p.reader, 1000, &none));
    handled.push_back(is_blocked(SIGUSR2) ? 1 : 0);
  };
  action.sa_mask = signals({SIGUSR2});
  REQUIRE_OK(sigaction(SIGUSR1, &action, nullptr));
  REQUIRE_OK(sigaction(SIGUSR2, &action, nullptr));
  raise(SIGUSR1);
  CHECK(handled == Signals{SIGUSR1, SIGUSR2, -1, 1});
  CHECK_FALSE(is_blocked(SIGUSR2));
}
