// epoll_create, epoll_create1, epoll_ctl: arguments, errors, user data.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <climits>

#include "epoll_help.h"

using namespace conformance;

TEST_CASE("epoll: create takes any positive size") {
  Fd small(epoll_create(1)), large(epoll_create(INT_MAX));
  CHECK(small >= 0);
  CHECK(large >= 0);
  CHECK(small != large);
}

TEST_CASE("epoll: create with a size of zero or less gives EINVAL") {
  CHECK_FAILS(epoll_create(0), EINVAL);
  CHECK_FAILS(epoll_create(-1), EINVAL);
}

TEST_CASE("epoll: create1 sets close-on-exec when asked") {
  Fd plain(epoll_create1(0)), closing(epoll_create1(EPOLL_CLOEXEC));
  CHECK_RETURNS(fcntl(plain, F_GETFD), 0);
  CHECK_RETURNS(fcntl(closing, F_GETFD), FD_CLOEXEC);
}

TEST_CASE("epoll: create1 with another flag gives EINVAL") {
  CHECK_FAILS(epoll_create1(O_NONBLOCK), EINVAL);
  CHECK_FAILS(epoll_create1(1), EINVAL);
}

TEST_CASE("epoll: the descriptor takes the lowest free number") {
  Fd first = tcp(AF_INET), second = tcp(AF_INET);
  int number = first;
  first.reset();
  Epoll set;
  CHECK(set == number);
}

TEST_CASE("epoll: the descriptor is no file and no socket") {
  Epoll set;
  char byte = 0;
  CHECK_FAILS(read(set, &byte, 1), EINVAL);
  CHECK_FAILS(write(set, &byte, 1), EINVAL);
  CHECK_FAILS(recv(set, &byte, 1, 0), ENOTSOCK);
  CHECK_FAILS(send(set, &byte, 1, 0), ENOTSOCK);
  CHECK_FAILS(listen(set, 1), ENOTSOCK);
  struct stat status;
  REQUIRE_OK(fstat(set, &status));
  CHECK((status.st_mode & 0777) == 0600);
  CHECK_FALSE(S_ISREG(status.st_mode));
  CHECK((fcntl(set, F_GETFL) & O_ACCMODE) == O_RDWR);
}

TEST_CASE("epoll: ctl on a closed set gives EBADF") {
  Fd fd = tcp(AF_INET);
  Epoll set;
  int number = set;
  set.close();
  epoll_event event{};
  CHECK_FAILS(epoll_ctl(number, EPOLL_CTL_ADD, fd, &event), EBADF);
  CHECK_FAILS(epoll_ctl(-1, EPOLL_CTL_ADD, fd, &event), EBADF);
}

TEST_CASE("epoll: ctl of a closed descriptor gives EBADF") {
  Epoll set;
  CHECK_FAILS(set.add(777, EPOLLIN), EBADF);
  CHECK_FAILS(set.modify(-1, EPOLLIN), EBADF);
  CHECK_FAILS(set.remove(777), EBADF);
}

TEST_CASE("epoll: ctl on something that isn't a set gives EINVAL") {
  Fd a = tcp(AF_INET), b = tcp(AF_INET);
  epoll_event event{};
  CHECK_FAILS(epoll_ctl(a, EPOLL_CTL_ADD, b, &event), EINVAL);
  CHECK_FAILS(epoll_ctl(a, EPOLL_CTL_DEL, b, nullptr), EINVAL);
  CHECK_FAILS(epoll_ctl(a, EPOLL_CTL_ADD, a, &event), EINVAL);
}

TEST_CASE("epoll: a set can't watch itself") {
  Epoll set;
  CHECK_FAILS(set.add(set, EPOLLIN), EINVAL);
}

TEST_CASE("epoll: adding twice gives EEXIST") {
  Fd fd = tcp(AF_INET);
  Epoll set;
  REQUIRE_OK(set.add(fd, EPOLLIN));
  CHECK_FAILS(set.add(fd, EPOLLOUT), EEXIST);
}

TEST_CASE("epoll: changing or removing what isn't there gives ENOENT") {
  Fd fd = tcp(AF_INET);
  Epoll set;
  CHECK_FAILS(set.modify(fd, EPOLLIN), ENOENT);
  CHECK_FAILS(set.remove(fd), ENOENT);
  REQUIRE_OK(set.add(fd, EPOLLIN));
  REQUIRE_OK(set.remove(fd));
  CHECK_FAILS(set.remove(fd), ENOENT);
  CHECK_FAILS(set.modify(fd, EPOLLIN), ENOENT);
  CHECK_OK(set.add(fd, EPOLLIN));
}

TEST_CASE("epoll: an unknown operation gives EINVAL") {
  Fd fd = tcp(AF_INET);
  Epoll set;
  CHECK_FAILS(set.control(0, fd, EPOLLIN), EINVAL);
  CHECK_FAILS(set.control(4, fd, EPOLLIN), EINVAL);
  CHECK_FAILS(set.control(-1, fd, EPOLLIN), EINVAL);
}

TEST_CASE("epoll: ctl without an event gives EFAULT, except for removing") {
  Fd fd = tcp(AF_INET);
  Epoll set;
  epoll_event* volatile null = nullptr;
  CHECK_FAILS(epoll_ctl(set, EPOLL_CTL_ADD, fd, null), EFAULT);
  CHECK_FAILS(epoll_ctl(set, EPOLL_CTL_MOD, fd, null), EFAULT);
  CHECK_FAILS(epoll_ctl(-1, EPOLL_CTL_ADD, fd, null), EFAULT);
  CHECK_FAILS(epoll_ctl(set, 77, fd, null), EFAULT);
  REQUIRE_OK(set.add(fd, EPOLLIN));
  CHECK_OK(epoll_ctl(set, EPOLL_CTL_DEL, fd, null));
}

TEST_CASE("epoll: regular files and directories give EPERM") {
  Fd file = open_scratch("file");
  Fd directory(open(scratch("").c_str(), O_RDONLY | O_DIRECTORY));
  REQUIRE(directory >= 0);
  Epoll set;
  CHECK_FAILS(set.add(file, EPOLLIN), EPERM);
  CHECK_FAILS(set.modify(file, EPOLLIN), EPERM);
  CHECK_FAILS(set.remove(file), EPERM);
  CHECK_FAILS(set.add(directory, EPOLLIN), EPERM);
  Fd socket = tcp(AF_INET);
  epoll_event event{};
  CHECK_FAILS(epoll_ctl(socket, EPOLL_CTL_ADD, file, &event), EPERM);
}

TEST_CASE("epoll: the user data comes back whole") {
  Fd fd(eventfd(1, 0));
  Epoll set;
  constexpr std::uint64_t data = 0x123456789abcdef0;
  REQUIRE_OK(set.control(EPOLL_CTL_ADD, fd, EPOLLIN, data));
  CHECK(set.wait().count(data) == 1);
}

TEST_CASE("epoll: a pointer as user data") {
  Fd fd(eventfd(1, 0));
  Epoll set;
  int object = 0;
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = &object;
  REQUIRE_OK(epoll_ctl(set, EPOLL_CTL_ADD, fd, &event));
  epoll_event found{};
  CHECK_RETURNS(epoll_wait(set, &found, 1, 0), 1);
  void* data = found.data.ptr;
  CHECK(data == &object);
}

TEST_CASE("epoll: changing replaces events and user data") {
  Fd fd(eventfd(1, 0));
  Epoll set;
  REQUIRE_OK(set.control(EPOLL_CTL_ADD, fd, EPOLLIN, 1));
  REQUIRE_OK(set.control(EPOLL_CTL_MOD, fd, EPOLLOUT, 2));
  auto found = set.wait();
  REQUIRE(found.size() == 1);
  CHECK(found[2] == EPOLLOUT);
}

TEST_CASE("epoll: changing to no events at all is silent") {
  Fd fd(eventfd(1, 0));
  Epoll set;
  REQUIRE_OK(set.add(fd, EPOLLIN));
  CHECK(set.one() == EPOLLIN);
  REQUIRE_OK(set.modify(fd, 0));
  CHECK(set.one() == 0);
  REQUIRE_OK(set.modify(fd, EPOLLIN | EPOLLOUT));
  CHECK(set.one() == (EPOLLIN | EPOLLOUT));
}

TEST_CASE("epoll: exclusive interests are taken") {
  Fd fd(eventfd(1, 0));
  Epoll set;
  REQUIRE_OK(set.add(fd, EPOLLIN | exclusive));
  CHECK(set.one() == EPOLLIN);
  CHECK(set.one() == EPOLLIN);
  Fd other(eventfd(1, 0));
  CHECK_OK(set.add(other, EPOLLIN | EPOLLOUT | EPOLLERR | EPOLLHUP | edge | exclusive));
}

TEST_CASE("epoll: exclusive can't be combined with all flags") {
  Fd fd(eventfd(0, 0));
  Epoll set;
  CHECK_FAILS(set.add(fd, EPOLLIN | exclusive | oneshot), EINVAL);
  CHECK_FAILS(set.add(fd, EPOLLRDHUP | exclusive), EINVAL);
  CHECK_FAILS(set.add(fd, EPOLLPRI | exclusive), EINVAL);
}

TEST_CASE("epoll: exclusive interests can't be changed, only removed") {
  Fd fd(eventfd(0, 0));
  Epoll set;
  CHECK_FAILS(set.modify(fd, EPOLLIN | exclusive), EINVAL);
  REQUIRE_OK(set.add(fd, EPOLLIN | exclusive));
  CHECK_FAILS(set.modify(fd, EPOLLIN), EINVAL);
  CHECK_FAILS(set.modify(fd, EPOLLIN | exclusive), EINVAL);
  CHECK_OK(set.remove(fd));
  REQUIRE_OK(set.add(fd, EPOLLIN));
  CHECK_FAILS(set.modify(fd, EPOLLIN | exclusive), EINVAL);
}

TEST_CASE("epoll: exclusive isn't for a set within a set") {
  Epoll outer, inner;
  CHECK_FAILS(outer.add(inner, EPOLLIN | exclusive), EINVAL);
}

TEST_CASE("epoll: a thousand interests are found by number") {
  std::vector<Fd> fds;
  Epoll set;
  for (int i = 0; i < 1000; ++i) {
    fds.emplace_back(eventfd(0, 0));
    REQUIRE(fds.back() >= 0);
  }
  // From the middle out, so that they don't come in order.
  for (std::size_t i = 0; i < 500; ++i) {
    REQUIRE_OK(set.add(fds[500 + i], EPOLLIN));
    REQUIRE_OK(set.add(fds[499 - i], EPOLLIN));
  }
  for (std::size_t i = 0; i < 1000; i += 3) REQUIRE_OK(set.remove(fds[i]));
  std::uint64_t one = 1;
  for (std::size_t i = 0; i < 1000; ++i) REQUIRE_RETURNS(write(fds[i], &one, 8), 8);
  auto found = set.wait(0, 1000);
  CHECK(found.size() == 666);
  std::size_t right = 0;
  for (std::size_t i = 0; i < 1000; ++i) right += found.count(static_cast<std::uint64_t>(int{fds[i]})) == (i % 3 != 0);
  CHECK(right == 1000);
  for (std::size_t i = 0; i < 1000; i += 3) REQUIRE_OK(set.add(fds[i], EPOLLIN));
  CHECK(set.wait(0, 1000).size() == 1000);
}
