// Signals that a program sends to itself: order, queues, what is ignored, and who takes them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/eventfd.h>
#include <sys/timerfd.h>

#include "local.h"
#include "net.h"
#include "signals.h"

using namespace conformance;

namespace {

using Signals = std::vector<int>;

std::vector<siginfo_t> told;

void handle_with_info(int signal) {
  struct sigaction action{};
  action.sa_sigaction = [](int, siginfo_t* info, void*) { told.push_back(*info); };
  action.sa_flags = SA_SIGINFO;
  REQUIRE_OK(sigaction(signal, &action, nullptr));
}

sigval value_of(int number) {
  sigval value{};
  value.sival_int = number;
  return value;
}

}  // namespace

TEST_CASE("signals: raise of 0 sends nothing, of no signal gives EINVAL") {
  CHECK_RETURNS(raise(0), 0);
  CHECK_FAILS(raise(65), EINVAL);
  CHECK_FAILS(raise(-1), EINVAL);
  CHECK_FAILS(kill(getpid(), 65), EINVAL);
}

TEST_CASE("signals: of several that are unblocked at once the lowest is prepared first and runs last") {
  for (int signal : {SIGHUP, SIGUSR1, SIGUSR2, SIGTERM}) handle(signal);
  block({SIGHUP, SIGUSR1, SIGUSR2, SIGTERM});
  for (int signal : {SIGUSR2, SIGTERM, SIGHUP, SIGUSR1, SIGHUP}) raise(signal);
  unblock({SIGHUP, SIGUSR1, SIGUSR2, SIGTERM});
  CHECK(handled == Signals{SIGTERM, SIGUSR2, SIGUSR1, SIGHUP});
}

TEST_CASE("signals: one sent to the thread goes before one sent to the process") {
  handle(SIGHUP);
  handle(SIGTERM);
  block({SIGHUP, SIGTERM});
  kill(getpid(), SIGHUP);
  raise(SIGTERM);
  unblock({SIGHUP, SIGTERM});
  CHECK(handled == Signals{SIGHUP, SIGTERM});
}

TEST_CASE("signals: the same one is pending once for the thread and once for the process") {
  handle(SIGUSR1);
  block({SIGUSR1});
  raise(SIGUSR1);
  raise(SIGUSR1);
  kill(getpid(), SIGUSR1);
  kill(getpid(), SIGUSR1);
  unblock({SIGUSR1});
  CHECK(handled == Signals{SIGUSR1, SIGUSR1});
}

TEST_CASE("signals: a standard one keeps the first value, real-time ones queue up") {
  handle_with_info(SIGUSR1);
  handle_with_info(SIGRTMIN);
  block({SIGUSR1, SIGRTMIN});
  for (int number : {1, 2}) REQUIRE_OK(sigqueue(getpid(), SIGUSR1, value_of(number)));
  for (int number : {3, 4, 5}) REQUIRE_OK(sigqueue(getpid(), SIGRTMIN, value_of(number)));
  unblock({SIGUSR1});
  REQUIRE(told.size() == 1);
  CHECK(told[0].si_value.sival_int == 1);
  unblock({SIGRTMIN});
  REQUIRE(told.size() == 4);
  CHECK(told[1].si_value.sival_int == 3);
  CHECK(told[3].si_value.sival_int == 5);
}

TEST_CASE("signals: si_code says how it was sent") {
  handle_with_info(SIGUSR1);
  handle_with_info(SIGALRM);
  raise(SIGUSR1);
  kill(getpid(), SIGUSR1);
  sigqueue(getpid(), SIGUSR1, value_of(9));
  send_alarm_after(5);
  CHECK_FAILS(poll(nullptr, 0, 5000), EINTR);
  REQUIRE(told.size() == 4);
  CHECK(told[0].si_code == SI_TKILL);
  CHECK(told[1].si_code == SI_USER);
  CHECK(told[2].si_code == SI_QUEUE);
  CHECK(told[2].si_value.sival_int == 9);
  CHECK(told[3].si_code == SI_KERNEL);
  CHECK(told[0].si_pid == getpid());
  CHECK(told[3].si_pid == 0);
}

TEST_CASE("signals: an ignored one isn't kept, unless it is blocked") {
  signal(SIGUSR1, SIG_IGN);
  raise(SIGUSR1);
  CHECK_FALSE(is_pending(SIGUSR1));
  block({SIGUSR1});
  raise(SIGUSR1);
  CHECK(is_pending(SIGUSR1));
}

TEST_CASE("signals: ignoring one forgets what is pending of it") {
  handle(SIGUSR1);
  block({SIGUSR1});
  raise(SIGUSR1);
  kill(getpid(), SIGUSR1);
  signal(SIGUSR1, SIG_IGN);
  CHECK_FALSE(is_pending(SIGUSR1));
  handle(SIGUSR1);
  unblock({SIGUSR1});
  CHECK(handled.empty());
}

TEST_CASE("signals: a handler set by signal() while the signal is blocked waits, too") {
  block({SIGUSR1});
  signal(SIGUSR1, [](int number) { handled.push_back(number); });
  raise(SIGUSR1);
  CHECK(handled.empty());
  unblock({SIGUSR1});
  CHECK(handled == Signals{SIGUSR1});
}

TEST_CASE("signals: those that are ignored by default do nothing") {
  for (int signal : {SIGCHLD, SIGURG, SIGWINCH, SIGCONT}) CHECK_RETURNS(raise(signal), 0);
  CHECK_FALSE(is_pending(SIGCHLD));
}

TEST_CASE("signals: SA_RESETHAND runs once, SA_NODEFER can nest") {
  handle(SIGUSR1, static_cast<int>(SA_RESETHAND));
  raise(SIGUSR1);
  struct sigaction action;
  REQUIRE_OK(sigaction(SIGUSR1, nullptr, &action));
  CHECK(action.sa_handler == SIG_DFL);

  action = {};
  action.sa_flags = SA_NODEFER;
  action.sa_handler = [](int number) {
    handled.push_back(number);
    if (handled.size() < 4) raise(number);
    handled.push_back(0);
  };
  REQUIRE_OK(sigaction(SIGUSR2, &action, nullptr));
  raise(SIGUSR2);
  CHECK(handled == Signals{SIGUSR1, SIGUSR2, SIGUSR2, SIGUSR2, 0, 0, 0});
}

TEST_CASE("signals: without SA_NODEFER a handler's own signal waits for its end") {
  struct sigaction action{};
  action.sa_handler = [](int number) {
    handled.push_back(number);
    if (handled.size() < 4) raise(number);
    handled.push_back(0);
  };
  REQUIRE_OK(sigaction(SIGUSR2, &action, nullptr));
  raise(SIGUSR2);
  CHECK(handled == Signals{SIGUSR2, 0, SIGUSR2, 0, SIGUSR2, 0});
}

TEST_CASE("signals: sigtimedwait takes the lowest of a set and tells of it") {
  block({SIGUSR1, SIGUSR2, SIGRTMIN});
  sigset_t set = signals({SIGUSR1, SIGUSR2, SIGRTMIN});
  timespec none = milliseconds(0);
  siginfo_t info{};
  CHECK_FAILS(sigtimedwait(&set, &info, &none), EAGAIN);
  sigqueue(getpid(), SIGRTMIN, value_of(7));
  raise(SIGUSR2);
  kill(getpid(), SIGUSR1);
  CHECK_RETURNS(sigtimedwait(&set, &info, &none), SIGUSR2);
  CHECK(info.si_code == SI_USER);  // of raise, too
  CHECK_RETURNS(sigtimedwait(&set, &info, &none), SIGUSR1);
  CHECK_RETURNS(sigwaitinfo(&set, &info), SIGRTMIN);
  CHECK(info.si_code == SI_QUEUE);
  CHECK(info.si_value.sival_int == 7);
  CHECK_FAILS(sigtimedwait(&set, nullptr, &none), EAGAIN);
}

TEST_CASE("signals: sigtimedwait waits for an alarm of its set, and is interrupted by another") {
  handle(SIGALRM);
  sigset_t other = signals({SIGUSR1});
  timespec long_time = milliseconds(5000);
  block({SIGUSR1});
  send_alarm_after(20);
  CHECK_FAILS(sigtimedwait(&other, nullptr, &long_time), EINTR);
  block({SIGALRM});
  send_alarm_after(20);
  sigset_t alarm = signals({SIGALRM});
  CHECK_RETURNS(sigtimedwait(&alarm, nullptr, &long_time), SIGALRM);
  CHECK(handled == Signals{SIGALRM});
}

TEST_CASE("signals: an alarm interrupts what waits within the process") {
  handle(SIGALRM);
  char byte;
  Pipe p = make_pipe();
  send_alarm_after(10);
  CHECK_FAILS(read(p.reader, &byte, 1), EINTR);
  Pair pair = local_pair(SOCK_STREAM);
  send_alarm_after(10);
  CHECK_FAILS(recv(pair.client, &byte, 1, 0), EINTR);
  Fd counter(eventfd(0, 0));
  std::uint64_t value;
  send_alarm_after(10);
  CHECK_FAILS(read(counter, &value, 8), EINTR);
  Fd timer(timerfd_create(CLOCK_MONOTONIC, 0));
  send_alarm_after(10);
  CHECK_FAILS(read(timer, &value, 8), EINTR);
  Fd listening = local_listener(SOCK_STREAM, abstract_name("eintr"));
  send_alarm_after(10);
  CHECK_FAILS(accept(listening, nullptr, nullptr), EINTR);
  CHECK(handled.size() == 5);
}

TEST_CASE("signals: an alarm ends a loop that never waits") {
  const auto ring_in_50_ms = [] {
    handled.clear();
    itimerval timer{};
    timer.it_value.tv_usec = 50000;
    REQUIRE_OK(setitimer(ITIMER_REAL, &timer, nullptr));
  };
  handle(SIGALRM);
  char byte = 'x';
  Stopwatch watch;
  Pair datagrams = udp_pair(AF_INET), stream = tcp_pair(AF_INET);
  ring_in_50_ms();
  while (handled.empty() && watch.elapsed() < 5000) CHECK_RETURNS(send(datagrams.client, &byte, 1, 0), 1);
  CHECK(handled == Signals{SIGALRM});
  ring_in_50_ms();
  while (handled.empty() && watch.elapsed() < 5000) CHECK_FAILS(recv(stream.client, &byte, 1, MSG_DONTWAIT), EAGAIN);
  CHECK(handled == Signals{SIGALRM});
  ring_in_50_ms();
  while (handled.empty() && watch.elapsed() < 5000) {
    REQUIRE(write(stream.client, &byte, 1) == 1);
    REQUIRE(read(stream.server, &byte, 1) == 1);
  }
  CHECK(handled == Signals{SIGALRM});
  CHECK(watch.elapsed() < 5000);
}

TEST_CASE("signals: a blocked alarm doesn't end a sleep, and is pending after it") {
  handle(SIGALRM);
  block({SIGALRM});
  send_alarm_after(10);
  Stopwatch watch;
  timespec time = milliseconds(60);
  CHECK_RETURNS(nanosleep(&time, nullptr), 0);
  CHECK(watch.elapsed() >= 59);
  CHECK(is_pending(SIGALRM));
  CHECK(handled.empty());
}

TEST_CASE("signals: sleep tells the whole seconds that were left") {
  handle(SIGALRM);
  send_alarm_after(20);
  CHECK(sleep(3) == 2);
}
