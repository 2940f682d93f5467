// sleep and its kin, with nothing else to wait for.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <unistd.h>
#include <ctime>

#include "net.h"

using namespace conformance;

namespace {

timespec milliseconds(long number) {
  timespec result{};
  result.tv_nsec = number * 1000000;
  return result;
}

template <class Sleep>
long long time_of(Sleep sleep) {
  const long long begin = now();
  sleep();
  return now() - begin;
}

}  // namespace

TEST_CASE("sleep: sleeps for the seconds, and none is left") {
  CHECK(time_of([] { CHECK(sleep(1) == 0); }) >= 999);
  CHECK(sleep(0) == 0);
}

TEST_CASE("sleep: usleep and nanosleep sleep for their time") {
  CHECK(time_of([] { CHECK_OK(usleep(50000)); }) >= 49);
  const timespec duration = milliseconds(50);
  CHECK(time_of([&] { CHECK_OK(nanosleep(&duration, nullptr)); }) >= 49);
}

TEST_CASE("sleep: clock_nanosleep by both clocks, for a time and until a time") {
  for (const clockid_t clock : {CLOCK_MONOTONIC, CLOCK_REALTIME}) {
    timespec time = milliseconds(50);
    CHECK(time_of([&] { CHECK(clock_nanosleep(clock, 0, &time, nullptr) == 0); }) >= 49);
    REQUIRE_OK(clock_gettime(clock, &time));
    time.tv_nsec += 50000000;
    if (time.tv_nsec >= 1000000000) {
      time.tv_nsec -= 1000000000;
      ++time.tv_sec;
    }
    CHECK(time_of([&] { CHECK(clock_nanosleep(clock, TIMER_ABSTIME, &time, nullptr) == 0); }) >= 45);
    CHECK(time_of([&] { CHECK(clock_nanosleep(clock, TIMER_ABSTIME, &time, nullptr) == 0); }) < 45);  // it's past
  }
}

TEST_CASE("sleep: bad times are refused") {
  timespec time{};
  time.tv_nsec = 1000000000;
  CHECK_FAILS(nanosleep(&time, nullptr), EINVAL);
  CHECK(clock_nanosleep(CLOCK_REALTIME, 0, &time, nullptr) == EINVAL);
  time = {};
  time.tv_sec = -1;
  CHECK_FAILS(nanosleep(&time, nullptr), EINVAL);
}
