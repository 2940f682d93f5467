// epoll: edge-triggered connections and datagrams, several sets, and much data.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "epoll_help.h"
#include "peer.h"

using namespace conformance;

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

FAMILY_CASE("epoll edge: datagrams that came together are told once") {
  Pair p = udp_pair(family);
  Epoll set;
  REQUIRE_OK(set.add(p.server, EPOLLIN | edge));
  for (int i = 0; i < 2; ++i) {
    send_all(p.client, "a");
    send_all(p.client, "b");
    CHECK(set.one(patience) == EPOLLIN);
    CHECK(set.one() == 0);
    CHECK(receive(p.server, 1) == "a");
    CHECK(set.one() == 0);
    send_all(p.client, "c");
    CHECK(set.one() == EPOLLIN);
    CHECK(set.one() == 0);
    CHECK(receive(p.server, 1) == "b");
    CHECK(receive(p.server, 1) == "c");
    CHECK(set.one() == 0);
  }
}

FAMILY_CASE("epoll edge: a datagram behind one that was told") {
  Pair p = udp_pair(family);
  Epoll set;
  REQUIRE_OK(set.add(p.server, EPOLLIN | edge));
  send_all(p.client, "a");
  send_all(p.client, "b");
  CHECK(set.one(patience) == EPOLLIN);
  CHECK(receive(p.server, 1) == "a");
  send_all(p.client, "c");
  CHECK(set.one() == EPOLLIN);
  CHECK(receive(p.server, 1) == "b");
  CHECK(receive(p.server, 1) == "c");
  CHECK(set.one() == 0);
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

FAMILY_CASE("epoll edge: data that came and went are an event for who wants room, too") {
  Pair p = tcp_pair(family);
  Epoll set;
  REQUIRE_OK(set.add(p.server, EPOLLIN | EPOLLOUT | edge));
  CHECK(set.one() == EPOLLOUT);
  send_all(p.client, "abc");
  CHECK(receive(p.server, 3) == "abc");
  CHECK(set.one() == EPOLLOUT);
  CHECK(set.one() == 0);
}

FAMILY_CASE("epoll edge: what one set was told another one that comes later is told, too") {
  Pair p = tcp_pair(family);
  Epoll first, second;
  REQUIRE_OK(first.add(p.server, EPOLLIN | edge));
  send_all(p.client, "abc");
  CHECK(first.one(patience) == EPOLLIN);
  REQUIRE_OK(second.add(p.server, EPOLLIN | edge));
  CHECK(second.one() == EPOLLIN);
  CHECK(first.one() == 0);
  CHECK(second.one() == 0);
}

FAMILY_CASE("epoll edge: much data, read until there is none, wave after wave") {
  Pair p = tcp_pair(family);
  set_nonblocking(p.server);
  Epoll set;
  REQUIRE_OK(set.add(p.server, EPOLLIN | EPOLLRDHUP | edge));
  std::string wave(40000, 'x');
  for (int i = 0; i < 20; ++i) {
    send_all(p.client, wave);
    std::size_t got = 0;
    while (got < wave.size()) {
      REQUIRE(set.one(patience) == EPOLLIN);
      char buffer[3000];
      ssize_t size;
      while ((size = recv(p.server, buffer, sizeof buffer, 0)) > 0) got += static_cast<std::size_t>(size);
      CHECK_FAILS(size, EAGAIN);
    }
    CHECK(got == wave.size());
  }
}

FAMILY_CASE("epoll edge: a timeout over what was told already is kept") {
  Pair p = tcp_pair(family), u = udp_pair(family);
  send_all(p.client, "x");
  REQUIRE(readable(p.server));
  Epoll set;
  REQUIRE_OK(set.add(p.server, EPOLLIN | EPOLLOUT | edge));
  REQUIRE_OK(set.add(u.server, EPOLLIN | EPOLLOUT | edge));
  CHECK(set.count() == 2);
  Stopwatch watch;
  CHECK(set.count(60) == 0);
  CHECK(watch.elapsed() >= 55);
}
