// epoll: what an interest belongs to. It is kept by number and description, and ends with the last descriptor of that.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/eventfd.h>

#include "epoll_help.h"

using namespace conformance;

FAMILY_CASE("epoll: closing a socket takes it out of the set") {
  Pair p = tcp_pair(family);
  send_all(p.client, "x");
  REQUIRE(readable(p.server));
  Epoll set;
  REQUIRE_OK(set.add(p.server, EPOLLIN));
  CHECK(set.one() == EPOLLIN);
  p.server.reset();
  CHECK(set.count() == 0);
}

TEST_CASE("epoll: closing takes it out of every set") {
  Fd fd(eventfd(1, 0)), other(eventfd(0, 0));
  Epoll a, b;
  for (Epoll* set : {&a, &b}) {
    REQUIRE_OK(set->add(fd, EPOLLIN));
    REQUIRE_OK(set->add(other, EPOLLIN));
  }
  fd.reset();
  CHECK(a.count() == 0);
  CHECK(b.count() == 0);
  std::uint64_t one = 1;
  REQUIRE_RETURNS(write(other, &one, 8), 8);
  CHECK(a.one() == EPOLLIN);
  CHECK(b.one() == EPOLLIN);
}

TEST_CASE("epoll: a duplicate keeps the interest alive under the old number") {
  Fd fd(eventfd(1, 0));
  Epoll set;
  REQUIRE_OK(set.add(fd, EPOLLIN));
  int number = fd;
  Fd copy(dup(fd));
  fd.reset();
  auto found = set.wait();
  CHECK(found.size() == 1);
  CHECK(found.count(static_cast<std::uint64_t>(number)) == 1);
  CHECK_FAILS(set.remove(number), EBADF);
  CHECK_FAILS(set.remove(copy), ENOENT);
  CHECK_FAILS(set.modify(copy, EPOLLIN), ENOENT);
  copy.reset();
  CHECK(set.count() == 0);
}

TEST_CASE("epoll: a number used again is another interest") {
  Fd fd(eventfd(1, 0));
  Epoll set;
  REQUIRE_OK(set.control(EPOLL_CTL_ADD, fd, EPOLLIN, 1));
  int number = fd;
  Fd copy(dup(fd));
  fd.reset();
  Fd next(eventfd(1, 0));
  REQUIRE(next == number);
  CHECK_FAILS(set.modify(next, EPOLLIN), ENOENT);
  REQUIRE_OK(set.control(EPOLL_CTL_ADD, next, EPOLLIN, 2));
  CHECK(set.count() == 2);
  REQUIRE_OK(set.remove(next));
  auto found = set.wait();
  CHECK(found.size() == 1);
  CHECK(found.count(1) == 1);
  // Back at its own number the first one can be removed again.
  REQUIRE_RETURNS(dup2(copy, next), number);
  CHECK_OK(set.remove(number));
  CHECK(set.count() == 0);
}

TEST_CASE("epoll: duplicates are interests of their own") {
  Fd fd(eventfd(1, 0)), copy(dup(fd));
  Epoll set;
  REQUIRE_OK(set.add(fd, EPOLLIN));
  REQUIRE_OK(set.add(copy, EPOLLIN | EPOLLOUT));
  auto found = set.wait();
  CHECK(found.size() == 2);
  CHECK(found[static_cast<std::uint64_t>(int{fd})] == EPOLLIN);
  CHECK(found[static_cast<std::uint64_t>(int{copy})] == (EPOLLIN | EPOLLOUT));
  REQUIRE_OK(set.remove(fd));
  CHECK(set.one() == (EPOLLIN | EPOLLOUT));
}

TEST_CASE("epoll: duplicates hear of an edge each") {
  Fd fd(eventfd(0, 0)), copy(dup(fd));
  Epoll set;
  REQUIRE_OK(set.add(fd, EPOLLIN | edge));
  REQUIRE_OK(set.add(copy, EPOLLIN | edge));
  std::uint64_t one = 1;
  REQUIRE_RETURNS(write(fd, &one, 8), 8);
  CHECK(set.count() == 2);
  CHECK(set.count() == 0);
}

TEST_CASE("epoll: dup2 over a descriptor takes it out of the set") {
  Fd fd(eventfd(1, 0)), other(eventfd(1, 0));
  Epoll set;
  REQUIRE_OK(set.add(fd, EPOLLIN));
  REQUIRE_RETURNS(dup2(other, fd), fd);
  CHECK(set.count() == 0);
  CHECK_FAILS(set.remove(fd), ENOENT);
  CHECK_OK(set.add(fd, EPOLLIN));
  CHECK(set.one() == EPOLLIN);
}

TEST_CASE("epoll: duplicates of the set are the same set") {
  Fd fd(eventfd(1, 0));
  Epoll set;
  Fd copy(dup(set));
  REQUIRE_OK(set.add(fd, EPOLLIN));
  epoll_event event{};
  CHECK_RETURNS(epoll_wait(copy, &event, 1, 0), 1);
  CHECK_FAILS(epoll_ctl(copy, EPOLL_CTL_ADD, fd, &event), EEXIST);
  set.close();
  CHECK_RETURNS(epoll_wait(copy, &event, 1, 0), 1);
  CHECK_RETURNS(epoll_ctl(copy, EPOLL_CTL_DEL, fd, nullptr), 0);
}

TEST_CASE("epoll: the duplicate of a set can't be put into it") {
  Epoll set;
  Fd copy(dup(set));
  CHECK_FAILS(set.add(copy, EPOLLIN), EINVAL);
}

TEST_CASE("epoll: closing the set leaves what it watched alone") {
  Pair p = tcp_pair(AF_INET);
  {
    Epoll set;
    REQUIRE_OK(set.add(p.server, EPOLLIN | edge));
    REQUIRE_OK(set.add(p.client, EPOLLOUT));
  }
  send_all(p.client, "x");
  CHECK(receive(p.server, 1) == "x");
  Epoll again;
  REQUIRE_OK(again.add(p.client, EPOLLOUT));
  CHECK(again.one() == EPOLLOUT);
}

TEST_CASE("epoll: an interest of a descriptor that only a message holds") {
  int ends[2];
  REQUIRE_OK(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends));
  Fd a(ends[0]), b(ends[1]), fd(eventfd(1, 0));
  Epoll set;
  REQUIRE_OK(set.add(fd, EPOLLIN));
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  char byte = 'x';
  iovec data{};
  data.iov_base = &byte;
  data.iov_len = 1;
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  int number = fd;
  std::memcpy(CMSG_DATA(header), &number, sizeof number);
  REQUIRE_RETURNS(sendmsg(a, &message, 0), 1);
  fd.reset();
  CHECK(set.one() == EPOLLIN);
  // Taken without room for the descriptor, which is closed then.
  CHECK(receive(b, 1) == "x");
  CHECK(set.count() == 0);
}

TEST_CASE("epoll: many come and go") {
  Epoll set;
  for (int round = 0; round < 200; ++round) {
    Fd a(eventfd(1, 0)), b(eventfd(round % 2, 0));
    REQUIRE_OK(set.add(b, EPOLLIN));
    REQUIRE_OK(set.add(a, EPOLLIN));
    REQUIRE(set.count() == static_cast<std::size_t>(1 + round % 2));
    if (round % 3 == 0) REQUIRE_OK(set.remove(a));
  }
  CHECK(set.count() == 0);
}
