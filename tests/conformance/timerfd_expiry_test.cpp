// timerfd: setting, expiring, reading.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/timerfd.h>

#include "local.h"

using namespace conformance;

namespace {

constexpr long long ms = 1000000;

Fd timer(int clock = CLOCK_MONOTONIC, int flags = TFD_NONBLOCK) {
  Fd fd(timerfd_create(clock, flags));
  REQUIRE_OK(int(fd));
  return fd;
}

timespec time_of(long long ns) {
  timespec time{};
  time.tv_sec = ns / 1000000000;
  time.tv_nsec = static_cast<long>(ns % 1000000000);
  return time;
}
long long to_ns(const timespec& time) { return time.tv_sec * 1000000000LL + time.tv_nsec; }

itimerspec setting(long long first, long long interval = 0) { return {time_of(interval), time_of(first)}; }

void set(int fd, long long first, long long interval = 0, int flags = 0) {
  itimerspec value = setting(first, interval);
  REQUIRE_OK(timerfd_settime(fd, flags, &value, nullptr));
}

long long clock_ns(clockid_t clock) {
  timespec time{};
  REQUIRE_OK(clock_gettime(clock, &time));
  return to_ns(time);
}

std::uint64_t take(int fd) {
  std::uint64_t count = 0;
  REQUIRE_RETURNS(read(fd, &count, sizeof count), 8);
  return count;
}

}  // namespace

TEST_CASE("timerfd: one that isn't set is never ready") {
  Fd fd = timer();
  std::uint64_t count;
  CHECK_FAILS(read(fd, &count, sizeof count), EAGAIN);
  CHECK(state_of(fd) == 0);
  CHECK(wait_for(fd, POLLIN, 20) == 0);
}

TEST_CASE("timerfd: expires after the time given, once") {
  Fd fd = timer();
  Stopwatch time;
  set(fd, 40 * ms);
  CHECK(state_of(fd) == 0);
  CHECK(wait_for(fd, POLLIN) == POLLIN);
  CHECK(time.elapsed() >= 39);
  CHECK(state_of(fd) == POLLIN);
  CHECK(take(fd) == 1);
  std::uint64_t count;
  CHECK_FAILS(read(fd, &count, sizeof count), EAGAIN);
  CHECK(wait_for(fd, POLLIN, 60) == 0);
}

TEST_CASE("timerfd: a blocking read waits for the expiration") {
  Fd fd = timer(CLOCK_MONOTONIC, 0);
  Stopwatch time;
  set(fd, 40 * ms);
  CHECK(take(fd) == 1);
  CHECK(time.elapsed() >= 39);
}

TEST_CASE("timerfd: a blocking read of one that isn't set never ends") {
  Fd fd = timer(CLOCK_MONOTONIC, 0);
  std::uint64_t count;
  CHECK_NEVER_ENDS(read(fd, &count, sizeof count));
}

TEST_CASE("timerfd: expires again and again, and counts what nobody read") {
  Fd fd = timer(CLOCK_MONOTONIC, 0);
  Stopwatch time;
  set(fd, 20 * ms, 10 * ms);
  std::uint64_t total = take(fd);
  CHECK(total >= 1);
  while (total < 5) total += take(fd);
  CHECK(time.elapsed() >= 59);
  // Nobody reads for a while.
  CHECK(poll(nullptr, 0, 45) == 0);
  CHECK(take(fd) >= 3);
}

TEST_CASE("timerfd: setting it anew drops what it counted") {
  Fd fd = timer();
  set(fd, 1);
  REQUIRE(wait_for(fd, POLLIN) == POLLIN);
  set(fd, 3600LL * 1000 * ms);
  CHECK(state_of(fd) == 0);
  std::uint64_t count;
  CHECK_FAILS(read(fd, &count, sizeof count), EAGAIN);
}

TEST_CASE("timerfd: zero stops it") {
  Fd fd = timer();
  set(fd, 20 * ms, 20 * ms);
  itimerspec old{}, none = setting(0, 5 * ms);
  REQUIRE_OK(timerfd_settime(fd, 0, &none, &old));
  CHECK(to_ns(old.it_interval) == 20 * ms);
  CHECK(to_ns(old.it_value) > 0);
  CHECK(to_ns(old.it_value) <= 20 * ms);
  CHECK(wait_for(fd, POLLIN, 50) == 0);
  itimerspec now{};
  REQUIRE_OK(timerfd_gettime(fd, &now));
  CHECK(to_ns(now.it_value) == 0);
  CHECK(to_ns(now.it_interval) == 5 * ms);
}

TEST_CASE("timerfd: an absolute time of the monotonic clock") {
  Fd fd = timer(CLOCK_MONOTONIC, 0);
  long long begin = clock_ns(CLOCK_MONOTONIC);
  set(fd, begin + 40 * ms, 0, TFD_TIMER_ABSTIME);
  CHECK(take(fd) == 1);
  CHECK(clock_ns(CLOCK_MONOTONIC) >= begin + 40 * ms);
}

TEST_CASE("timerfd: an absolute time of the real clock") {
  Fd fd = timer(CLOCK_REALTIME, 0);
  long long begin = clock_ns(CLOCK_REALTIME);
  set(fd, begin + 40 * ms, 0, TFD_TIMER_ABSTIME);
  CHECK(take(fd) == 1);
  CHECK(clock_ns(CLOCK_REALTIME) >= begin + 39 * ms);
}

TEST_CASE("timerfd: an absolute time that has passed") {
  Fd fd = timer();
  set(fd, 1, 0, TFD_TIMER_ABSTIME);
  CHECK(wait_for(fd, POLLIN, 8000) == POLLIN);
  CHECK(take(fd) == 1);
}

TEST_CASE("timerfd: an absolute time that has passed counts the intervals since") {
  for (int clock : {static_cast<int>(CLOCK_MONOTONIC), static_cast<int>(CLOCK_REALTIME)}) {
    Fd fd = timer(clock);
    // Long before the guest's monotonic clock began; that of a machine just started may not reach back so far.
    long long back = clock == static_cast<int>(CLOCK_MONOTONIC) ? 0 : 3600LL * 1000 * ms;
    set(fd, clock_ns(clock) - back, 1000 * ms, TFD_TIMER_ABSTIME);
    REQUIRE(wait_for(fd, POLLIN) == POLLIN);
    std::uint64_t count = take(fd);
    CHECK(count >= static_cast<std::uint64_t>(back / (1000 * ms)) + 1);
    CHECK(count <= static_cast<std::uint64_t>(back / (1000 * ms)) + 10);
  }
}

TEST_CASE("timerfd: gettime tells what is left") {
  Fd fd = timer();
  itimerspec now{};
  REQUIRE_OK(timerfd_gettime(fd, &now));
  CHECK(to_ns(now.it_value) == 0);
  CHECK(to_ns(now.it_interval) == 0);
  set(fd, 100 * 1000 * ms, 7 * ms);
  REQUIRE_OK(timerfd_gettime(fd, &now));
  CHECK(to_ns(now.it_value) > 90 * 1000 * ms);
  CHECK(to_ns(now.it_value) <= 100 * 1000 * ms);
  CHECK(to_ns(now.it_interval) == 7 * ms);
}

TEST_CASE("timerfd: gettime of an absolute timer is relative") {
  Fd fd = timer();
  set(fd, clock_ns(CLOCK_MONOTONIC) + 100 * 1000 * ms, 0, TFD_TIMER_ABSTIME);
  itimerspec now{};
  REQUIRE_OK(timerfd_gettime(fd, &now));
  CHECK(to_ns(now.it_value) <= 100 * 1000 * ms);
  CHECK(to_ns(now.it_value) > 90 * 1000 * ms);
}

TEST_CASE("timerfd: gettime of an expired one") {
  Fd once = timer(), often = timer();
  set(once, 1);
  set(often, 1, 1000 * ms);
  REQUIRE(wait_for(once, POLLIN) == POLLIN);
  REQUIRE(wait_for(often, POLLIN) == POLLIN);
  itimerspec now{};
  REQUIRE_OK(timerfd_gettime(once, &now));
  CHECK(to_ns(now.it_value) == 0);
  REQUIRE_OK(timerfd_gettime(often, &now));
  CHECK(to_ns(now.it_value) > 0);
  CHECK(to_ns(now.it_value) <= 1000 * ms);
  CHECK(take(once) == 1);
  CHECK(take(often) >= 1);
}

TEST_CASE("timerfd: fewer than 8 bytes give EINVAL, and it can't be written") {
  Fd fd = timer();
  set(fd, 1);
  REQUIRE(wait_for(fd, POLLIN) == POLLIN);
  std::uint64_t counts[2] = {7, 7};
  CHECK_FAILS(read(fd, counts, 7), EINVAL);
  CHECK_FAILS(write(fd, counts, 8), EINVAL);
  CHECK_RETURNS(read(fd, counts, 16), 8);
  CHECK(counts[0] == 1);
  CHECK(counts[1] == 7);
}

TEST_CASE("timerfd: what it refuses") {
  CHECK_FAILS(timerfd_create(-1, 0), EINVAL);
  CHECK_FAILS(timerfd_create(CLOCK_MONOTONIC, -1), EINVAL);
  CHECK_FAILS(timerfd_create(CLOCK_MONOTONIC, 0x40), EINVAL);
  Fd fd = timer();
  itimerspec value = setting(1);
  CHECK_FAILS(timerfd_settime(fd, 0x40, &value, nullptr), EINVAL);
  value.it_value.tv_nsec = 1000000000;
  CHECK_FAILS(timerfd_settime(fd, 0, &value, nullptr), EINVAL);
  value = setting(1);
  value.it_interval.tv_nsec = -1;
  CHECK_FAILS(timerfd_settime(fd, 0, &value, nullptr), EINVAL);
  value = setting(1);
  value.it_value.tv_sec = -1;
  CHECK_FAILS(timerfd_settime(fd, 0, &value, nullptr), EINVAL);
  const itimerspec* volatile null = nullptr;
  CHECK_FAILS(timerfd_settime(fd, 0, null, nullptr), EFAULT);
  CHECK_FAILS(timerfd_gettime(fd, const_cast<itimerspec*>(null)), EFAULT);
}

TEST_CASE("timerfd: other descriptors give EINVAL, none EBADF") {
  itimerspec value = setting(1);
  Pipe p = make_pipe();
  Fd file = open_scratch("file");
  CHECK_FAILS(timerfd_settime(p.reader, 0, &value, nullptr), EINVAL);
  CHECK_FAILS(timerfd_gettime(file, &value), EINVAL);
  CHECK_FAILS(timerfd_settime(-1, 0, &value, nullptr), EBADF);
  CHECK_FAILS(timerfd_gettime(999, &value), EBADF);
}

TEST_CASE("timerfd: flags and fstat") {
  Fd plain = timer(CLOCK_REALTIME, 0), flagged = timer(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
  CHECK((fcntl(plain, F_GETFL) & O_NONBLOCK) == 0);
  CHECK((fcntl(flagged, F_GETFL) & O_NONBLOCK) != 0);
  CHECK_RETURNS(fcntl(flagged, F_GETFD), FD_CLOEXEC);
  CHECK((fcntl(plain, F_GETFL) & O_ACCMODE) == O_RDWR);
  struct stat info{};
  REQUIRE_OK(fstat(plain, &info));
  CHECK((info.st_mode & S_IFMT) == 0);
  int count;
  CHECK_FAILS(ioctl(plain, FIONREAD, &count), ENOTTY);
}

TEST_CASE("timerfd: copies share the timer") {
  Fd fd = timer();
  Fd copy(dup(fd));
  set(fd, 1);
  fd.reset();
  REQUIRE(wait_for(copy, POLLIN) == POLLIN);
  CHECK(take(copy) == 1);
}

TEST_CASE("timerfd: many in one poll expire in order") {
  Fd timers[5];
  pollfd entries[5];
  for (int i = 0; i < 5; ++i) {
    timers[i] = timer();
    set(timers[i], (50 - i * 10) * ms);
    entries[i] = {timers[i], POLLIN, 0};
  }
  std::string order;
  while (order.size() < 5) {
    REQUIRE(poll(entries, 5, 8000) > 0);
    for (int i = 4; i >= 0; --i) {
      if (entries[i].revents == 0) continue;
      CHECK(entries[i].revents == POLLIN);
      CHECK(take(timers[i]) == 1);
      order += std::to_string(i);
    }
  }
  CHECK(order == "43210");
}

TEST_CASE("timerfd: ends a poll of a socket") {
  Fd fd = timer();
  Pair p = tcp_pair(AF_INET);
  set(fd, 30 * ms);
  pollfd entries[2] = {{p.server, POLLIN, 0}, {fd, POLLIN, 0}};
  CHECK_RETURNS(poll(entries, 2, -1), 1);
  CHECK(entries[0].revents == 0);
  CHECK(entries[1].revents == POLLIN);
}
