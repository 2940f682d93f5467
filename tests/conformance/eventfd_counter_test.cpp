// eventfd(): the counter, the semaphore, poll.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/eventfd.h>
#include <sys/uio.h>

#include "local.h"

using namespace conformance;

namespace {

Fd event(unsigned count, int flags = EFD_NONBLOCK) {
  Fd fd(eventfd(count, flags));
  REQUIRE_OK(int(fd));
  return fd;
}

void add(int fd, std::uint64_t value) { REQUIRE_RETURNS(write(fd, &value, sizeof value), 8); }

std::uint64_t take(int fd) {
  std::uint64_t value = 0;
  REQUIRE_RETURNS(read(fd, &value, sizeof value), 8);
  return value;
}

constexpr std::uint64_t largest = ~std::uint64_t{0} - 1;

}  // namespace

TEST_CASE("eventfd: begins with the value given, and reading takes it all") {
  Fd fd = event(7);
  CHECK(take(fd) == 7);
  std::uint64_t value;
  CHECK_FAILS(read(fd, &value, sizeof value), EAGAIN);
}

TEST_CASE("eventfd: writes add up") {
  Fd fd = event(0);
  add(fd, 3);
  add(fd, 4);
  add(fd, 0);
  CHECK(take(fd) == 7);
}

TEST_CASE("eventfd: a semaphore gives one at a time") {
  Fd fd = event(2, EFD_SEMAPHORE | EFD_NONBLOCK);
  add(fd, 1);
  CHECK(take(fd) == 1);
  CHECK(take(fd) == 1);
  CHECK(take(fd) == 1);
  std::uint64_t value;
  CHECK_FAILS(read(fd, &value, sizeof value), EAGAIN);
}

TEST_CASE("eventfd: a write that would overflow gives EAGAIN") {
  Fd fd = event(1);
  std::uint64_t value = largest;
  CHECK_FAILS(write(fd, &value, sizeof value), EAGAIN);
  add(fd, largest - 1);
  value = 1;
  CHECK_FAILS(write(fd, &value, sizeof value), EAGAIN);
  CHECK(take(fd) == largest);
  add(fd, largest);
}

TEST_CASE("eventfd: the largest number can't be written") {
  Fd fd = event(0);
  std::uint64_t value = ~std::uint64_t{0};
  CHECK_FAILS(write(fd, &value, sizeof value), EINVAL);
}

TEST_CASE("eventfd: reads want 8 bytes or more, writes 8 exactly") {
  Fd fd = event(5);
  std::uint64_t values[2] = {1, 1};
  CHECK_FAILS(read(fd, values, 7), EINVAL);
  CHECK_FAILS(read(fd, values, 0), EINVAL);
  CHECK_FAILS(write(fd, values, 7), EINVAL);
  CHECK_FAILS(write(fd, values, 0), EINVAL);
  CHECK_FAILS(write(fd, values, 16), EINVAL);
  CHECK_RETURNS(read(fd, values, 16), 8);
  CHECK(values[0] == 5);
  CHECK(values[1] == 1);
}

TEST_CASE("eventfd: readv scatters the number") {
  Fd fd = event(0x01020304);
  unsigned char low[3], high[5];
  iovec pieces[] = {{low, 3}, {high, 5}};
  CHECK_RETURNS(readv(fd, pieces, 2), 8);
  CHECK(low[0] == 4);
  CHECK(high[0] == 1);
}

TEST_CASE("eventfd: poll follows the counter") {
  Fd fd = event(0);
  CHECK(state_of(fd) == POLLOUT);
  add(fd, 1);
  CHECK(state_of(fd) == (POLLIN | POLLOUT));
  add(fd, largest - 1);
  CHECK(state_of(fd) == POLLIN);
  take(fd);
  CHECK(state_of(fd) == POLLOUT);
}

TEST_CASE("eventfd: poll with a timeout waits, and not for what is there") {
  Fd fd = event(0);
  Stopwatch time;
  CHECK(wait_for(fd, POLLIN, 50) == 0);
  CHECK(time.elapsed() >= 49);
  add(fd, 1);
  CHECK(wait_for(fd, POLLIN, 8000) == POLLIN);
}

TEST_CASE("eventfd: a read and a write that nothing can end") {
  Fd fd = event(0, 0);
  std::uint64_t value;
  CHECK_NEVER_ENDS(read(fd, &value, sizeof value));
  add(fd, largest);
  value = 1;
  CHECK_NEVER_ENDS(write(fd, &value, sizeof value));
}

TEST_CASE("eventfd: eventfd_read and eventfd_write") {
  Fd fd = event(0);
  eventfd_t value = 0;
  CHECK_FAILS(eventfd_read(fd, &value), EAGAIN);
  CHECK_RETURNS(eventfd_write(fd, 9), 0);
  CHECK_RETURNS(eventfd_read(fd, &value), 0);
  CHECK(value == 9);
  CHECK_FAILS(eventfd_write(-1, 9), EBADF);
}

TEST_CASE("eventfd: flags") {
  Fd plain = event(0, 0), flagged = event(0, EFD_NONBLOCK | EFD_CLOEXEC);
  CHECK((fcntl(plain, F_GETFL) & O_NONBLOCK) == 0);
  CHECK_RETURNS(fcntl(plain, F_GETFD), 0);
  CHECK((fcntl(flagged, F_GETFL) & O_NONBLOCK) != 0);
  CHECK_RETURNS(fcntl(flagged, F_GETFD), FD_CLOEXEC);
  CHECK((fcntl(plain, F_GETFL) & O_ACCMODE) == O_RDWR);
  CHECK_FAILS(eventfd(0, -1), EINVAL);
  CHECK_FAILS(eventfd(0, 0x40), EINVAL);
}

TEST_CASE("eventfd: copies share the counter") {
  Fd fd = event(0);
  Fd copy(dup(fd));
  add(fd, 2);
  fd.reset();
  CHECK(take(copy) == 2);
}

TEST_CASE("eventfd: is no socket, no file, no pipe") {
  Fd fd = event(1);
  char byte;
  int count;
  struct stat info{};
  CHECK_FAILS(recv(fd, &byte, 1, 0), ENOTSOCK);
  CHECK_FAILS(ioctl(fd, FIONREAD, &count), ENOTTY);
  CHECK_FAILS(fcntl(fd, F_GETPIPE_SZ), EBADF);
  CHECK_FAILS(ftruncate(fd, 0), EINVAL);
  REQUIRE_OK(fstat(fd, &info));
  CHECK((info.st_mode & S_IFMT) == 0);
  CHECK((info.st_mode & 0777) == 0600);
  CHECK(info.st_size == 0);
}

TEST_CASE("eventfd: bad memory gives EFAULT and keeps the counter") {
  Fd fd = event(3);
  void* volatile null = nullptr;
  CHECK_FAILS(write(fd, null, 8), EFAULT);
  CHECK(take(fd) == 3);
}

TEST_CASE("eventfd: wakes a poll that also waits for a socket") {
  Fd fd = event(0);
  Pair p = tcp_pair(AF_INET6);
  pollfd entries[3] = {{p.server, POLLIN, 0}, {fd, POLLIN, 0}, {p.client, POLLIN, 0}};
  CHECK_RETURNS(poll(entries, 3, 10), 0);
  add(fd, 1);
  CHECK_RETURNS(poll(entries, 3, -1), 1);
  CHECK(entries[1].revents == POLLIN);
}
