// epoll: edge-triggered. One report for each arrival, however much of it was read.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "epoll_help.h"
#include "peer.h"

using namespace conformance;

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
