// Calls that files have, on descriptors without a file: eventfd, timerfd, epoll, pipes, sockets.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/timerfd.h>
#include <sys/uio.h>

#include <vector>

#include "local.h"

using namespace conformance;

namespace {

struct Anonymous {
  Fd counter{eventfd(0, EFD_NONBLOCK)};
  Fd timer{timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK)};
  Fd set{epoll_create1(0)};
  std::vector<int> all() const { return {counter, timer, set}; }
};

}  // namespace

TEST_CASE("anonymous: lseek does nothing, and says 0") {
  Anonymous a;
  for (int fd : a.all()) {
    CHECK_RETURNS(lseek(fd, 0, SEEK_SET), 0);
    CHECK_RETURNS(lseek(fd, 7, SEEK_CUR), 0);
    CHECK_RETURNS(lseek(fd, -3, SEEK_END), 0);
    CHECK_FAILS(lseek(fd, 0, 9), EINVAL);
  }
}

TEST_CASE("anonymous: lseek of pipes and sockets is ESPIPE, with no such whence EINVAL") {
  Pipe p = make_pipe();
  Fd fd = tcp(AF_INET);
  for (int each : {int{p.reader}, int{fd}}) {
    CHECK_FAILS(lseek(each, 0, SEEK_SET), ESPIPE);
    CHECK_FAILS(lseek(each, 0, 9), EINVAL);
  }
}

TEST_CASE("anonymous: pread and pwrite look at the offset first") {
  Anonymous a;
  Pipe p = make_pipe();
  char byte = 0;
  for (int fd : {int{a.counter}, int{a.set}, int{p.reader}}) {
    CHECK_FAILS(pread(fd, &byte, 1, 0), ESPIPE);
    CHECK_FAILS(pread(fd, &byte, 1, -1), EINVAL);
  }
  CHECK_FAILS(pwrite(p.writer, &byte, 1, -1), EINVAL);
}

TEST_CASE("anonymous: posix_fadvise is for all but pipes, posix_fallocate for none") {
  Anonymous a;
  Pipe p = make_pipe();
  Fd fd = udp(AF_INET);
  CHECK(posix_fadvise(a.counter, 0, 0, POSIX_FADV_NORMAL) == 0);
  CHECK(posix_fadvise(fd, 0, 0, POSIX_FADV_NORMAL) == 0);
  CHECK(posix_fadvise(fd, 0, 0, 99) == EINVAL);
  CHECK(posix_fadvise(p.reader, 0, 0, POSIX_FADV_NORMAL) == ESPIPE);
  CHECK(posix_fallocate(a.timer, 0, 10) == ENODEV);
  CHECK(posix_fallocate(fd, 0, 10) == ENODEV);
  CHECK(posix_fallocate(fd, 0, 0) == EINVAL);
  CHECK(posix_fallocate(p.writer, 0, 10) == ESPIPE);
  CHECK(posix_fallocate(p.reader, 0, 10) == EBADF);
}

TEST_CASE("anonymous: ioctl on an epoll descriptor knows nothing, and says EINVAL") {
  Anonymous a;
  int number;
  CHECK_FAILS(ioctl(a.set, FIONREAD, &number), EINVAL);
  CHECK_FAILS(ioctl(a.counter, FIONREAD, &number), ENOTTY);
  CHECK_FAILS(ioctl(a.timer, FIONREAD, &number), ENOTTY);
  CHECK(isatty(a.set) == 0);
  CHECK(errno == EINVAL);
  CHECK(isatty(a.counter) == 0);
  CHECK(errno == ENOTTY);
}

TEST_CASE("anonymous: writev on an eventfd is a write for each buffer") {
  Anonymous a;
  std::uint64_t values[2] = {3, 4}, sum = 0;
  iovec whole[2] = {{&values[0], 8}, {&values[1], 8}};
  CHECK_RETURNS(writev(a.counter, whole, 2), 16);
  CHECK_RETURNS(read(a.counter, &sum, 8), 8);
  CHECK(sum == 7);
  iovec halves[2] = {{values, 4}, {reinterpret_cast<char*>(values) + 4, 4}};
  CHECK_FAILS(writev(a.counter, halves, 2), EINVAL);
  REQUIRE_OK(eventfd_write(a.counter, 9));
  iovec parts[2] = {{&sum, 3}, {reinterpret_cast<char*>(&sum) + 3, 5}};
  CHECK_RETURNS(readv(a.counter, parts, 2), 8);
  CHECK(sum == 9);
}

TEST_CASE("anonymous: nowhere to read to is told only when there is something") {
  Anonymous a;
  void* volatile nowhere = nullptr;
  CHECK_FAILS(read(a.counter, nowhere, 8), EAGAIN);
  CHECK_FAILS(read(a.timer, nowhere, 8), EAGAIN);
  REQUIRE_OK(eventfd_write(a.counter, 1));
  CHECK_FAILS(read(a.counter, nowhere, 8), EFAULT);
  Pipe p = make_pipe(O_NONBLOCK);
  CHECK_FAILS(read(p.reader, nowhere, 1), EAGAIN);
  p.writer.reset();
  CHECK_RETURNS(read(p.reader, nowhere, 1), 0);
}

TEST_CASE("anonymous: fcntl looks at the descriptor first, and at the kind of pipes") {
  Anonymous a;
  CHECK_FAILS(fcntl(-1, 9999), EBADF);
  CHECK_FAILS(fcntl(999, F_GETPIPE_SZ), EBADF);
  CHECK_FAILS(fcntl(a.counter, F_GETPIPE_SZ), EBADF);
  CHECK_FAILS(fcntl(a.counter, F_SETPIPE_SZ, 4096), EBADF);
  Fd file = open_scratch("file");
  CHECK_FAILS(fcntl(file, F_GETPIPE_SZ), EBADF);
  CHECK_FAILS(fcntl(file, 9999), EINVAL);
}

TEST_CASE("anonymous: O_NONBLOCK of a file is kept, and shared by its duplicates") {
  Fd file = open_scratch("flags");
  Fd copy(dup(file));
  CHECK((fcntl(file, F_GETFL) & O_NONBLOCK) == 0);
  REQUIRE_OK(fcntl(file, F_SETFL, O_NONBLOCK | O_APPEND));
  CHECK((fcntl(copy, F_GETFL) & O_NONBLOCK) != 0);
  CHECK((fcntl(copy, F_GETFL) & O_APPEND) != 0);
  REQUIRE_OK(fcntl(copy, F_SETFL, 0));
  CHECK((fcntl(file, F_GETFL) & (O_NONBLOCK | O_APPEND)) == 0);
}

TEST_CASE("anonymous: fdopen wants a mode that the descriptor can") {
  Pipe p = make_pipe();
  errno = 0;
  CHECK(fdopen(p.reader, "w") == nullptr);
  CHECK(errno == EINVAL);
  errno = 0;
  CHECK(fdopen(p.writer, "r+") == nullptr);
  CHECK(errno == EINVAL);
}

TEST_CASE("anonymous: a timer whose time is over is readable at once, however often it was set") {
  Anonymous a;
  for (int round = 0; round < 5; ++round) {
    itimerspec time{};
    time.it_value.tv_nsec = 1000000;
    REQUIRE_OK(timerfd_settime(a.timer, 0, &time, nullptr));
    timespec pause{};
    pause.tv_nsec = 4000000;
    nanosleep(&pause, nullptr);
    CHECK(state_of(a.timer) == POLLIN);
  }
}

TEST_CASE("anonymous: select leaves what is behind the words of its limit") {
  fd_set set;
  FD_ZERO(&set);
  Pipe p = make_pipe();
  FD_SET(p.reader, &set);
  FD_SET(200, &set);
  timeval none{};
  CHECK_RETURNS(select(p.reader + 1, &set, nullptr, nullptr, &none), 0);
  CHECK_FALSE(FD_ISSET(p.reader, &set));
  CHECK(FD_ISSET(200, &set));
}

TEST_CASE("anonymous: ppoll looks at the time first") {
  timespec bad{};
  bad.tv_nsec = -1;
  pollfd* volatile nowhere = nullptr;
  CHECK_FAILS(ppoll(nowhere, 1, &bad, nullptr), EINVAL);
  bad.tv_nsec = 0;
  CHECK_FAILS(ppoll(nowhere, 1, &bad, nullptr), EFAULT);
}

TEST_CASE("anonymous: a datagram socket is writable in POLLWRBAND, too, a stream isn't") {
  CHECK(wait_for(udp(AF_INET), POLLWRBAND, 0) == POLLWRBAND);
  CHECK(wait_for(local_pair(SOCK_STREAM).client, POLLWRBAND, 0) == POLLWRBAND);
  CHECK(wait_for(tcp_pair(AF_INET).client, POLLWRBAND, 0) == 0);
}
