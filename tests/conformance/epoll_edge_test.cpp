// epoll: edge-triggered. One report for each arrival, however much of it was read.
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

FAMILY_CASE("epoll edge: data are reported once") {
  Pair p = tcp_pair(family);
  Epoll set;
  REQUIRE_OK(set.add(p.server, EPOLLIN | edge));
  CHECK(set.one() == 0);
  send_all(p.client, "abc");
  CHECK(set.one(patience) == EPOLLIN);
  CHECK(set.one() == 0);
  CHECK(set.one(30) == 0);
}

FAMILY_CASE("epoll edge: reading a part is no news") {
  Pair p = tcp_pair(family);
  Epoll set;
  REQUIRE_OK(set.add(p.server, EPOLLIN | edge));
  send_all(p.client, "abc");
  REQUIRE(set.one(patience) == EPOLLIN);
  CHECK(receive(p.server, 1) == "a");
  CHECK(set.one() == 0);
  CHECK(receive(p.server, 2) == "bc");
  CHECK(set.one() == 0);
}

FAMILY_CASE("epoll edge: more data are news, read or not") {
  Pair p = tcp_pair(family);
  Epoll set;
  REQUIRE_OK(set.add(p.server, EPOLLIN | edge));
  for (int i = 0; i < 5; ++i) {
    send_all(p.client, "abc");
    CHECK(set.one(patience) == EPOLLIN);
    CHECK(set.one() == 0);
  }
  CHECK(receive(p.server, 15) == "abcabcabcabcabc");
  send_all(p.client, "def");
  CHECK(set.one(patience) == EPOLLIN);
  CHECK(set.one() == 0);
}

FAMILY_CASE("epoll edge: data that came and went before the wait are no event") {
  Pair p = tcp_pair(family);
  Epoll set;
  REQUIRE_OK(set.add(p.server, EPOLLIN | edge));
  send_all(p.client, "abc");
  CHECK(receive(p.server, 3) == "abc");
  CHECK(set.one() == 0);
  send_all(p.client, "abc");
  CHECK(receive(p.server, 1) == "a");
  CHECK(set.one(patience) == EPOLLIN);
}

FAMILY_CASE("epoll edge: data that are there when the interest is added") {
  Pair p = tcp_pair(family);
  send_all(p.client, "abc");
  REQUIRE(readable(p.server));
  Epoll set;
  REQUIRE_OK(set.add(p.server, EPOLLIN | edge));
  CHECK(set.one() == EPOLLIN);
  CHECK(set.one() == 0);
}

FAMILY_CASE("epoll edge: changing and adding again report what holds") {
  Pair p = tcp_pair(family);
  send_all(p.client, "abc");
  REQUIRE(readable(p.server));
  Epoll set;
  REQUIRE_OK(set.add(p.server, EPOLLIN | edge));
  CHECK(set.one() == EPOLLIN);
  REQUIRE_OK(set.modify(p.server, EPOLLIN | edge));
  CHECK(set.one() == EPOLLIN);
  CHECK(set.one() == 0);
  REQUIRE_OK(set.remove(p.server));
  REQUIRE_OK(set.add(p.server, EPOLLIN | edge));
  CHECK(set.one() == EPOLLIN);
  CHECK(set.one() == 0);
}

FAMILY_CASE("epoll edge: writable is reported once, and with each arrival") {
  Pair p = tcp_pair(family);
  Epoll set;
  REQUIRE_OK(set.add(p.server, EPOLLIN | EPOLLOUT | edge));
  CHECK(set.one() == EPOLLOUT);
  CHECK(set.one() == 0);
  send_all(p.client, "a");
  CHECK(set.one(patience) == (EPOLLIN | EPOLLOUT));
  CHECK(set.one() == 0);
}

FAMILY_CASE("epoll edge: who waits for room alone hears nothing of data") {
  Pair p = tcp_pair(family);
  Epoll set;
  REQUIRE_OK(set.add(p.server, EPOLLOUT | edge));
  CHECK(set.one() == EPOLLOUT);
  send_all(p.client, "a");
  REQUIRE(readable(p.server));
  CHECK(set.one() == 0);
}

FAMILY_CASE("epoll edge: room after there was none") {
  Pair p = small_tcp_pair(family);
  set_nonblocking(p.client);
  Epoll set;
  REQUIRE_OK(set.add(p.client, EPOLLIN | EPOLLOUT | edge));
  CHECK(set.one() == EPOLLOUT);
  for (int i = 0; i < 3; ++i) {
    std::size_t taken = fill(p.client);
    CHECK(set.one() == 0);
    receive(p.server, taken);
    CHECK(set.one(patience) == EPOLLOUT);
    CHECK(set.one() == 0);
  }
}

FAMILY_CASE("epoll edge: a connect that succeeds") {
  Bound l = listener(family);
  Fd fd = tcp(family, SOCK_NONBLOCK);
  REQUIRE_FAILS(connect(fd, l.address.get(), l.address.length), EINPROGRESS);
  Epoll set;
  REQUIRE_OK(set.add(fd, EPOLLIN | EPOLLOUT | EPOLLRDHUP | edge));
  CHECK(set.one(patience) == EPOLLOUT);
  CHECK(set.one() == 0);
}

FAMILY_CASE("epoll edge: the end of the stream, then the hang-up") {
  Pair p = tcp_pair(family);
  Epoll set;
  REQUIRE_OK(set.add(p.server, EPOLLIN | EPOLLRDHUP | edge));
  send_all(p.client, "a");
  CHECK(set.one(patience) == EPOLLIN);
  REQUIRE_OK(shutdown(p.client, SHUT_WR));
  CHECK(set.one(patience) == (EPOLLIN | EPOLLRDHUP));
  CHECK(set.one() == 0);
  REQUIRE_OK(shutdown(p.server, SHUT_WR));
  CHECK(set.one(patience) == (EPOLLIN | EPOLLRDHUP | EPOLLHUP));
}

FAMILY_CASE("epoll edge: the end of the stream that comes with the last data") {
  Pair p = tcp_pair(family);
  Epoll set;
  REQUIRE_OK(set.add(p.server, EPOLLIN | EPOLLRDHUP | edge));
  send_all(p.client, "a");
  REQUIRE_OK(shutdown(p.client, SHUT_WR));
  REQUIRE(wait_for(p.server, POLLRDHUP) == POLLRDHUP);
  CHECK(set.one(patience) == (EPOLLIN | EPOLLRDHUP));
  CHECK(receive(p.server, 1) == "a");
  CHECK(set.one() == 0);
}

FAMILY_CASE("epoll edge: a reset is reported once") {
  Peer peer;
  Address address = peer.listen(family);
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  Epoll set;
  REQUIRE_OK(set.add(fd, EPOLLIN | edge));
  CHECK(set.one() == 0);
  peer.call("accept; reset");
  CHECK(set.one(patience) == (EPOLLIN | EPOLLERR | EPOLLHUP));
  CHECK(set.one() == 0);
}

FAMILY_CASE("epoll edge: each connection that arrives at a listener") {
  Bound l = listener(family);
  Epoll set;
  REQUIRE_OK(set.add(l.fd, EPOLLIN | edge));
  Fd clients[3];
  for (Fd& client : clients) {
    client = tcp(family);
    REQUIRE_OK(connect(client, l.address.get(), l.address.length));
    CHECK(set.one(patience) == EPOLLIN);
    CHECK(set.one() == 0);
    Fd server(accept(l.fd, nullptr, nullptr));
    CHECK(server >= 0);
    CHECK(set.one() == 0);
  }
}

FAMILY_CASE("epoll edge: each datagram") {
  Pair p = udp_pair(family);
  Epoll set;
  REQUIRE_OK(set.add(p.server, EPOLLIN | edge));
  for (int i = 0; i < 3; ++i) {
    send_all(p.client, "a");
    CHECK(set.one(patience) == EPOLLIN);
    CHECK(set.one() == 0);
    CHECK(receive(p.server, 1) == "a");
    CHECK(set.one() == 0);
  }
}

FAMILY_CASE("epoll edge: two sets hear of the same arrival") {
  Pair p = tcp_pair(family);
  Epoll a, b;
  REQUIRE_OK(a.add(p.server, EPOLLIN | edge));
  REQUIRE_OK(b.add(p.server, EPOLLIN | edge));
  for (int i = 0; i < 2; ++i) {
    send_all(p.client, "x");
    CHECK(a.one(patience) == EPOLLIN);
    CHECK(b.one(patience) == EPOLLIN);
    CHECK(a.one() == 0);
    CHECK(b.one() == 0);
  }
}

TEST_CASE("epoll edge: with one-shot") {
  Pair p = tcp_pair(AF_INET);
  Epoll set;
  REQUIRE_OK(set.add(p.server, EPOLLIN | edge | oneshot));
  send_all(p.client, "a");
  CHECK(set.one(patience) == EPOLLIN);
  send_all(p.client, "b");
  REQUIRE(readable(p.server));
  CHECK(set.one() == 0);
  REQUIRE_OK(set.modify(p.server, EPOLLIN | edge | oneshot));
  CHECK(set.one(patience) == EPOLLIN);
}

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
