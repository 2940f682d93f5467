// epoll: edge-triggered, of descriptors within the process and of stdin.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/eventfd.h>
#include <sys/timerfd.h>

#include "epoll_help.h"
#include "peer.h"

using namespace conformance;

namespace {

void add_to(int eventfd, std::uint64_t value = 1) { REQUIRE_RETURNS(write(eventfd, &value, 8), 8); }

std::uint64_t take(int eventfd) {
  std::uint64_t value = 0;
  REQUIRE_RETURNS(read(eventfd, &value, 8), 8);
  return value;
}

struct Ends {
  Fd first, second;
};
Ends local_pair(int type) {
  int ends[2];
  REQUIRE_OK(socketpair(AF_UNIX, type | SOCK_NONBLOCK, 0, ends));
  return {Fd(ends[0]), Fd(ends[1])};
}
Ends pipe_ends() {
  int ends[2];
  REQUIRE_OK(pipe2(ends, O_NONBLOCK));
  return {Fd(ends[0]), Fd(ends[1])};
}

}  // namespace

TEST_CASE("epoll edge: each write into a pipe") {
  Ends p = pipe_ends();
  Epoll set;
  REQUIRE_OK(set.add(p.first, EPOLLIN | edge));
  for (int i = 0; i < 3; ++i) {
    REQUIRE_RETURNS(write(p.second, "ab", 2), 2);
    CHECK(set.one() == EPOLLIN);
    CHECK(set.one() == 0);
  }
  char bytes[6];
  REQUIRE_RETURNS(read(p.first, bytes, sizeof bytes), 6);
  CHECK(set.one() == 0);
}

TEST_CASE("epoll edge: a pipe's room and its ends") {
  Ends p = pipe_ends();
  Epoll set;
  REQUIRE_OK(set.add(p.second, EPOLLOUT | edge));
  CHECK(set.one() == EPOLLOUT);
  std::string much(65536, 'x');
  REQUIRE_RETURNS(write(p.second, much.data(), much.size()), 65536);
  CHECK(set.one() == 0);
  REQUIRE_RETURNS(read(p.first, much.data(), 4096), 4096);
  CHECK(set.one() == EPOLLOUT);
  REQUIRE_RETURNS(read(p.first, much.data(), 4096), 4096);
  CHECK(set.one() == 0);
  p.first.reset();
  CHECK(set.one() == (EPOLLOUT | EPOLLERR));
  CHECK(set.one() == 0);
}

TEST_CASE("epoll edge: the end of a pipe") {
  Ends p = pipe_ends();
  Epoll set;
  REQUIRE_OK(set.add(p.first, EPOLLIN | edge));
  REQUIRE_RETURNS(write(p.second, "ab", 2), 2);
  CHECK(set.one() == EPOLLIN);
  p.second.reset();
  CHECK(set.one() == (EPOLLIN | EPOLLHUP));
  CHECK(set.one() == 0);
}

TEST_CASE("epoll edge: local sockets") {
  for (int type : {SOCK_STREAM, SOCK_SEQPACKET, SOCK_DGRAM}) {
    Ends p = local_pair(type);
    Epoll set;
    REQUIRE_OK(set.add(p.second, EPOLLIN | edge));
    for (int i = 0; i < 3; ++i) {
      send_all(p.first, "a");
      CHECK(set.one() == EPOLLIN);
      CHECK(set.one() == 0);
    }
    CHECK(receive(p.second, 1) == "a");
    CHECK(set.one() == 0);
  }
}

TEST_CASE("epoll edge: the end and the hang-up of a local stream") {
  Ends p = local_pair(SOCK_STREAM);
  Epoll set;
  REQUIRE_OK(set.add(p.second, EPOLLIN | EPOLLRDHUP | edge));
  REQUIRE_OK(shutdown(p.first, SHUT_WR));
  CHECK(set.one() == (EPOLLIN | EPOLLRDHUP));
  CHECK(set.one() == 0);
  p.first.reset();
  CHECK(set.one() == (EPOLLIN | EPOLLRDHUP | EPOLLHUP));
  CHECK(set.one() == 0);
}

TEST_CASE("epoll edge: room of a local stream") {
  Ends p = local_pair(SOCK_STREAM);
  Epoll set;
  REQUIRE_OK(set.add(p.first, EPOLLOUT | edge));
  CHECK(set.one() == EPOLLOUT);
  std::size_t taken = fill(p.first);
  CHECK(set.one() == 0);
  receive(p.second, taken);
  CHECK(set.one() == EPOLLOUT);
  CHECK(set.one() == 0);
}

TEST_CASE("epoll edge: each write to an eventfd") {
  Fd fd(eventfd(0, EFD_NONBLOCK));
  Epoll set;
  REQUIRE_OK(set.add(fd, EPOLLIN | edge));
  for (int i = 0; i < 3; ++i) {
    add_to(fd);
    CHECK(set.one() == EPOLLIN);
    CHECK(set.one() == 0);
  }
  CHECK(take(fd) == 3);
  CHECK(set.one() == 0);
}

TEST_CASE("epoll edge: each read of an eventfd makes room") {
  Fd fd(eventfd(0, EFD_NONBLOCK));
  Epoll set;
  REQUIRE_OK(set.add(fd, EPOLLOUT | edge));
  CHECK(set.one() == EPOLLOUT);
  add_to(fd);
  CHECK(set.one() == 0);
  take(fd);
  CHECK(set.one() == EPOLLOUT);
  CHECK(set.one() == 0);
}

TEST_CASE("epoll edge: a timer is reported once until it is read") {
  Fd fd(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK));
  Epoll set;
  REQUIRE_OK(set.add(fd, EPOLLIN | edge));
  itimerspec time{};
  time.it_value.tv_nsec = time.it_interval.tv_nsec = 10000000;
  REQUIRE_OK(timerfd_settime(fd, 0, &time, nullptr));
  CHECK(set.one(patience) == EPOLLIN);
  CHECK(set.one(35) == 0);
  CHECK(take(fd) >= 3);
  CHECK(set.one(patience) == EPOLLIN);
}

TEST_CASE("epoll edge: stdin") {
  Peer peer;
  Epoll set;
  REQUIRE_OK(set.add(0, EPOLLIN | edge));
  peer.call("stdin ab");
  CHECK(set.one(patience) == EPOLLIN);
  CHECK(set.one() == 0);
  peer.call("stdin cd");
  CHECK(set.one(patience) == EPOLLIN);
  CHECK(set.one() == 0);
  char bytes[8];
  CHECK_RETURNS(read(0, bytes, sizeof bytes), 4);
  CHECK(set.one() == 0);
}
