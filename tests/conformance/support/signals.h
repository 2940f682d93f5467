// Helpers of the cases about signals that a program sends to itself: handlers that write down what they got.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <signal.h>
#include <sys/time.h>
#include <time.h>

#include <initializer_list>
#include <vector>

#include "expect.h"

namespace conformance {

inline std::vector<int> handled;  // the signals whose handlers ran, in order

inline sigset_t signals(std::initializer_list<int> numbers) {
  sigset_t set;
  sigemptyset(&set);
  for (int number : numbers) sigaddset(&set, number);
  return set;
}

inline void handle(int signal, int flags = 0, std::initializer_list<int> blocked_meanwhile = {}) {
  struct sigaction action{};
  action.sa_handler = [](int number) { handled.push_back(number); };
  action.sa_flags = flags;
  action.sa_mask = signals(blocked_meanwhile);
  REQUIRE_OK(sigaction(signal, &action, nullptr));
}

inline void block(std::initializer_list<int> numbers) {
  sigset_t set = signals(numbers);
  REQUIRE_OK(sigprocmask(SIG_BLOCK, &set, nullptr));
}

inline void unblock(std::initializer_list<int> numbers) {
  sigset_t set = signals(numbers);
  REQUIRE_OK(sigprocmask(SIG_UNBLOCK, &set, nullptr));
}

inline bool is_blocked(int signal) {
  sigset_t mask;
  REQUIRE_OK(sigprocmask(SIG_BLOCK, nullptr, &mask));
  return sigismember(&mask, signal) == 1;
}

inline bool is_pending(int signal) {
  sigset_t set;
  REQUIRE_OK(sigpending(&set));
  return sigismember(&set, signal) == 1;
}

inline void send_alarm_after(int milliseconds) {
  itimerval time{};
  time.it_value.tv_sec = milliseconds / 1000;
  time.it_value.tv_usec = milliseconds % 1000 * 1000;
  REQUIRE_OK(setitimer(ITIMER_REAL, &time, nullptr));
}

inline timespec milliseconds(long count) {
  timespec time{};
  time.tv_sec = count / 1000;
  time.tv_nsec = count % 1000 * 1000000;
  return time;
}

}  // namespace conformance
