// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// eventfd, timerfd, signalfd and pipes, by the virtual clock.
#include <sys/eventfd.h>
#include <sys/signalfd.h>

#include "scene.h"

using fake::ms;

namespace {

ssize_t read_count(int number, uint64_t& count) { return guest::read(number, &count, sizeof count); }
ssize_t add(int number, uint64_t count) { return guest::write(number, &count, sizeof count); }
short poll_once(int number, short events, int timeout = 0) {
  pollfd entry = {number, events, 0};
  const int found = guest::poll(&entry, 1, timeout);
  return found == 1 ? entry.revents : static_cast<short>(0);
}
itimerspec in(uint64_t ns, uint64_t every = 0) {
  return {{static_cast<time_t>(every / 1000000000), static_cast<long>(every % 1000000000)},
          {static_cast<time_t>(ns / 1000000000), static_cast<long>(ns % 1000000000)}};
}

}  // namespace

TEST_CASE("eventfd: counts, as a whole or one by one, up to its limit") {
  Scene scene;
  const int sum = guest::eventfd(2, EFD_NONBLOCK), one = guest::eventfd(2, EFD_NONBLOCK | EFD_SEMAPHORE);
  uint64_t count = 0;
  CHECK_THAT(add(sum, 3), Returns(8));
  CHECK_THAT(read_count(sum, count), Returns(8));
  CHECK(count == 5);
  CHECK_THAT(read_count(sum, count), Fails(EAGAIN));
  CHECK_THAT(read_count(one, count), Returns(8));
  CHECK(count == 1);
  CHECK_THAT(guest::read(one, &count, 7), Fails(EINVAL));
  CHECK_THAT(add(sum, UINT64_MAX), Fails(EINVAL));
  CHECK_THAT(add(sum, UINT64_MAX - 1), Returns(8));
  CHECK_THAT(add(sum, 1), Fails(EAGAIN));
  CHECK(poll_once(sum, POLLIN | POLLOUT) == POLLIN);
  CHECK_THAT(guest::eventfd(0, 12345), Fails(EINVAL));
}

TEST_CASE("timerfd: expires once or again and again, and says what is left") {
  Scene scene;
  const int timer = guest::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
  uint64_t count = 0;
  CHECK_THAT(read_count(timer, count), Fails(EAGAIN));
  itimerspec set = in(10 * ms, 4 * ms), left = {};
  CHECK_THAT(guest::timerfd_settime(timer, 0, &set, nullptr), Returns(0));
  CHECK_THAT(guest::timerfd_gettime(timer, &left), Returns(0));
  CHECK(left.it_value.tv_nsec == static_cast<long>(10 * ms));
  CHECK(poll_once(timer, POLLIN, 9) == 0);
  CHECK(poll_once(timer, POLLIN, 100) == POLLIN);
  CHECK_THAT(read_count(timer, count), Returns(8));
  CHECK(count == 1);
  pollfd nothing = {-1, 0, 0};
  CHECK_THAT(guest::poll(&nothing, 1, 9), Returns(0));
  CHECK_THAT(read_count(timer, count), Returns(8));
  CHECK(count == 2);
  set = in(0);
  CHECK_THAT(guest::timerfd_settime(timer, 0, &set, &left), Returns(0));
  CHECK(left.it_interval.tv_nsec == static_cast<long>(4 * ms));
  CHECK(poll_once(timer, POLLIN, 50) == 0);
  CHECK_THAT(guest::write(timer, &count, sizeof count), Fails(EINVAL));
  CHECK_THAT(guest::read(timer, &count, 7), Fails(EINVAL));
}

TEST_CASE("signalfd: a blocked signal is read from it, with what came along, and no longer pending") {
  Scene scene;
  sigset_t set;
  guest::sigemptyset(&set);
  guest::sigaddset(&set, SIGUSR1);
  CHECK_THAT(guest::sigprocmask(SIG_BLOCK, &set, nullptr), Returns(0));
  const int signals = guest::signalfd(-1, &set, SFD_NONBLOCK);
  signalfd_siginfo info = {};
  CHECK_THAT(guest::read(signals, &info, sizeof info), Fails(EAGAIN));
  sigval value = {};
  value.sival_int = 77;
  CHECK_THAT(guest::sigqueue(getpid(), SIGUSR1, value), Returns(0));
  CHECK(poll_once(signals, POLLIN) == POLLIN);
  CHECK_THAT(guest::read(signals, &info, sizeof info - 1), Fails(EINVAL));
  CHECK_THAT(guest::read(signals, &info, sizeof info), Returns(sizeof info));
  CHECK(info.ssi_signo == SIGUSR1);
  CHECK(info.ssi_int == 77);
  CHECK(poll_once(signals, POLLIN) == 0);
  CHECK_THAT(guest::signalfd(signals, &set, 12345), Fails(EINVAL));
  CHECK_THAT(guest::sigprocmask(SIG_UNBLOCK, &set, nullptr), Returns(0));
}

TEST_CASE("pipe: bytes in their order, its limit, and what the ends hear of each other") {
  Scene scene;
  int ends[2];
  REQUIRE(guest::pipe(ends) == 0);
  guest::fcntl(ends[0], F_SETFL, O_NONBLOCK);
  guest::fcntl(ends[1], F_SETFL, O_NONBLOCK);
  char text[9];
  CHECK_THAT(guest::read(ends[0], text, sizeof text), Fails(EAGAIN));
  CHECK_THAT(guest::write(ends[1], "pipe", 4), Returns(4));
  CHECK(poll_once(ends[0], POLLIN) == POLLIN);
  CHECK_THAT(guest::read(ends[0], text, 2), Returns(2));
  CHECK(std::string(text, 2) == "pi");
  const std::string block(4096, 'x');
  size_t sent = 0;
  while (guest::write(ends[1], block.data(), block.size()) == 4096) sent += 4096;
  CHECK(errno == EAGAIN);
  CHECK(sent >= 61440);
  CHECK(poll_once(ends[1], POLLOUT) == 0);
  CHECK_THAT(guest::fcntl(ends[1], F_GETPIPE_SZ), Returns(65536));
  CHECK_THAT(guest::fcntl(ends[1], F_SETPIPE_SZ, 4096), Fails(EBUSY));
  CHECK_THAT(guest::fcntl(ends[1], F_SETPIPE_SZ, 131072), Returns(131072));
  CHECK(poll_once(ends[1], POLLOUT) == POLLOUT);
  guest::close(ends[0]);
  CHECK((poll_once(ends[1], POLLOUT) & POLLERR) != 0);
  CHECK_THAT(guest::write(ends[1], "x", 1), Fails(EPIPE));
}
