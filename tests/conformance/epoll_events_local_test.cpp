// epoll: the events of pipes, AF_UNIX sockets, counters and timers, and one-shot.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/eventfd.h>
#include <sys/timerfd.h>

#include "epoll_help.h"
#include "peer.h"

using namespace conformance;

namespace {

void add_to(int eventfd, std::uint64_t value = 1) { REQUIRE_RETURNS(write(eventfd, &value, 8), 8); }

struct Pipe {
  Fd reader, writer;
  Pipe() {
    int ends[2];
    REQUIRE_OK(pipe2(ends, O_NONBLOCK));
    reader.reset(ends[0]);
    writer.reset(ends[1]);
  }
};

}  // namespace

TEST_CASE("epoll: a pipe") {
  Pipe p;
  Epoll set;
  REQUIRE_OK(set.add(p.reader, any_event));
  REQUIRE_OK(set.add(p.writer, any_event));
  CHECK(set.one() == EPOLLOUT);
  REQUIRE_RETURNS(write(p.writer, "ab", 2), 2);
  auto found = set.wait();
  CHECK(found.size() == 2);
  CHECK(found[static_cast<std::uint64_t>(int{p.reader})] == EPOLLIN);
  std::string much(65536, 'x');
  while (write(p.writer, much.data(), much.size()) > 0) {
  }
  CHECK(set.one() == EPOLLIN);
  p.writer.reset();
  CHECK(set.one() == (EPOLLIN | EPOLLHUP));
}

TEST_CASE("epoll: a pipe whose reader is gone") {
  Pipe p;
  Epoll set;
  REQUIRE_OK(set.add(p.writer, 0));
  CHECK(set.one() == 0);
  p.reader.reset();
  CHECK(set.one() == EPOLLERR);
  REQUIRE_OK(set.modify(p.writer, EPOLLOUT));
  CHECK(set.one() == (EPOLLOUT | EPOLLERR));
}

TEST_CASE("epoll: a pair of local sockets") {
  int ends[2];
  REQUIRE_OK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
  Fd a(ends[0]), b(ends[1]);
  Epoll set;
  REQUIRE_OK(set.add(b, any_event));
  CHECK(set.one() == EPOLLOUT);
  send_all(a, "x");
  CHECK(set.one() == (EPOLLIN | EPOLLOUT));
  REQUIRE_OK(shutdown(a, SHUT_WR));
  CHECK(set.one() == (EPOLLIN | EPOLLOUT | EPOLLRDHUP));
  a.reset();
  CHECK(set.one() == (EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLHUP));
}

TEST_CASE("epoll: an eventfd") {
  Fd fd(eventfd(0, EFD_NONBLOCK));
  Epoll set;
  REQUIRE_OK(set.add(fd, any_event));
  CHECK(set.one() == EPOLLOUT);
  add_to(fd, UINT64_MAX - 1);
  CHECK(set.one() == EPOLLIN);
  std::uint64_t value;
  REQUIRE_RETURNS(read(fd, &value, 8), 8);
  CHECK(set.one() == EPOLLOUT);
}

TEST_CASE("epoll: a timerfd") {
  Fd fd(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK));
  Epoll set;
  REQUIRE_OK(set.add(fd, any_event));
  CHECK(set.one() == 0);
  itimerspec time{};
  time.it_value.tv_nsec = 20000000;
  REQUIRE_OK(timerfd_settime(fd, 0, &time, nullptr));
  Stopwatch watch;
  CHECK(set.one(patience) == EPOLLIN);
  CHECK(watch.elapsed() >= 18);
  CHECK(set.one() == EPOLLIN);
  std::uint64_t value = 0;
  REQUIRE_RETURNS(read(fd, &value, 8), 8);
  CHECK(value == 1);
  CHECK(set.one() == 0);
}

TEST_CASE("epoll: kinds of all sorts in one set") {
  Pair t = tcp_pair(AF_INET), u = udp_pair(AF_INET6);
  Pipe p;
  Fd event(eventfd(0, 0));
  Epoll set;
  for (int fd : {int{t.server}, int{u.server}, int{p.reader}, int{event}}) REQUIRE_OK(set.add(fd, EPOLLIN));
  CHECK(set.count() == 0);
  send_all(t.client, "x");
  send_all(u.client, "x");
  REQUIRE(readable(t.server));
  REQUIRE(readable(u.server));
  add_to(event);
  REQUIRE_RETURNS(write(p.writer, "x", 1), 1);
  auto found = set.wait();
  CHECK(found.size() == 4);
  for (auto [data, events] : found) CHECK(events == EPOLLIN);
}

TEST_CASE("epoll: one-shot reports once, until it is changed") {
  Pair p = tcp_pair(AF_INET);
  Epoll set;
  REQUIRE_OK(set.add(p.server, EPOLLIN | oneshot));
  CHECK(set.one() == 0);
  send_all(p.client, "a");
  CHECK(set.one(patience) == EPOLLIN);
  CHECK(set.one() == 0);
  send_all(p.client, "b");
  REQUIRE(readable(p.server));
  CHECK(set.one() == 0);
  CHECK_FAILS(set.add(p.server, EPOLLIN), EEXIST);
  REQUIRE_OK(set.modify(p.server, EPOLLIN | oneshot));
  CHECK(set.one() == EPOLLIN);
  CHECK(set.one() == 0);
  REQUIRE_OK(set.modify(p.server, EPOLLIN));
  CHECK(set.one() == EPOLLIN);
  CHECK(set.one() == EPOLLIN);
}

TEST_CASE("epoll: after one-shot a hang-up is silent, too") {
  Pipe p;
  Epoll set;
  REQUIRE_OK(set.add(p.reader, EPOLLIN | oneshot));
  REQUIRE_RETURNS(write(p.writer, "x", 1), 1);
  CHECK(set.one() == EPOLLIN);
  p.writer.reset();
  CHECK(set.one() == 0);
  REQUIRE_OK(set.modify(p.reader, oneshot));
  CHECK(set.one() == EPOLLHUP);
  CHECK(set.one() == 0);
}
