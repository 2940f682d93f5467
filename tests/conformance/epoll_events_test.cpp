// epoll: the events of TCP and UDP sockets, level-triggered.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/eventfd.h>
#include <sys/timerfd.h>

#include "epoll_help.h"
#include "peer.h"

using namespace conformance;

FAMILY_CASE("epoll: an idle connection is writable only") {
  Pair p = tcp_pair(family);
  Epoll set;
  REQUIRE_OK(set.add(p.client, any_event));
  CHECK(set.one() == EPOLLOUT);
  CHECK(set.one() == EPOLLOUT);
}

FAMILY_CASE("epoll: data are reported until they are read") {
  Pair p = tcp_pair(family);
  Epoll set;
  REQUIRE_OK(set.add(p.server, EPOLLIN));
  CHECK(set.one() == 0);
  send_all(p.client, "abc");
  CHECK(set.one(patience) == EPOLLIN);
  CHECK(set.one() == EPOLLIN);
  CHECK(receive(p.server, 2) == "ab");
  CHECK(set.one() == EPOLLIN);
  CHECK(receive(p.server, 1) == "c");
  CHECK(set.one() == 0);
}

FAMILY_CASE("epoll: readable never lies after many reads") {
  Pair p = tcp_pair(family);
  Epoll set;
  REQUIRE_OK(set.add(p.server, EPOLLIN));
  int lies = 0;
  for (int i = 0; i < 200; ++i) {
    send_all(p.client, "0123456789");
    REQUIRE(set.one(patience) == EPOLLIN);
    REQUIRE(receive(p.server, 10) == "0123456789");
    lies += set.one() != 0;
  }
  CHECK(lies == 0);
}

FAMILY_CASE("epoll: the normal names of readable and writable are bits of their own") {
  Pair p = tcp_pair(family);
  send_all(p.client, "x");
  REQUIRE(readable(p.server));
  Epoll set;
  REQUIRE_OK(set.add(p.server, EPOLLRDNORM));
  CHECK(set.one() == EPOLLRDNORM);
  REQUIRE_OK(set.modify(p.server, EPOLLWRNORM));
  CHECK(set.one() == EPOLLWRNORM);
  REQUIRE_OK(set.modify(p.server, EPOLLIN | EPOLLRDNORM | EPOLLOUT | EPOLLWRNORM | EPOLLRDBAND));
  CHECK(set.one() == (EPOLLIN | EPOLLRDNORM | EPOLLOUT | EPOLLWRNORM));
}

FAMILY_CASE("epoll: the peer's half-close") {
  Pair p = tcp_pair(family);
  Epoll set;
  REQUIRE_OK(set.add(p.server, EPOLLRDHUP));
  CHECK(set.one() == 0);
  REQUIRE_OK(shutdown(p.client, SHUT_WR));
  CHECK(set.one(patience) == EPOLLRDHUP);
  REQUIRE_OK(set.modify(p.server, EPOLLIN));
  CHECK(set.one() == EPOLLIN);
  REQUIRE_OK(set.modify(p.server, any_event));
  CHECK(set.one() == (EPOLLIN | EPOLLOUT | EPOLLRDHUP));
}

FAMILY_CASE("epoll: closed in both directions is a hang-up, asked for or not") {
  Pair p = tcp_pair(family);
  Epoll set;
  REQUIRE_OK(set.add(p.server, 0));
  REQUIRE_OK(shutdown(p.client, SHUT_WR));
  REQUIRE(readable(p.server));
  CHECK(set.one() == 0);
  REQUIRE_OK(shutdown(p.server, SHUT_WR));
  CHECK(set.one(patience) == EPOLLHUP);
  REQUIRE_OK(set.modify(p.server, any_event));
  CHECK(set.one() == (EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLHUP));
}

FAMILY_CASE("epoll: a reset sets every bit") {
  Peer peer;
  Address address = peer.listen(family);
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  Epoll set;
  REQUIRE_OK(set.add(fd, EPOLLIN | EPOLLRDHUP));
  peer.call("accept; reset");
  CHECK(set.one(patience) == (EPOLLIN | EPOLLRDHUP | EPOLLERR | EPOLLHUP));
  CHECK(int_option(fd, SOL_SOCKET, SO_ERROR) == ECONNRESET);
  REQUIRE_OK(set.modify(fd, any_event));
  CHECK(set.one() == (EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLHUP));
}

FAMILY_CASE("epoll: a fresh TCP socket is writable and hung up") {
  Fd fd = tcp(family);
  Epoll set;
  REQUIRE_OK(set.add(fd, EPOLLIN | EPOLLOUT));
  CHECK(set.one() == (EPOLLOUT | EPOLLHUP));
  REQUIRE_OK(set.modify(fd, 0));
  CHECK(set.one() == EPOLLHUP);
}

FAMILY_CASE("epoll: a socket that connects after it was added") {
  Bound l = listener(family);
  Fd fd = tcp(family, SOCK_NONBLOCK);
  Epoll set;
  REQUIRE_OK(set.add(fd, EPOLLIN | EPOLLOUT));
  REQUIRE_FAILS(connect(fd, l.address.get(), l.address.length), EINPROGRESS);
  CHECK(set.one(patience) == EPOLLOUT);
  CHECK(int_option(fd, SOL_SOCKET, SO_ERROR) == 0);
}

FAMILY_CASE("epoll: a refused connect") {
  Bound closed = bound_tcp(family);
  Fd fd = tcp(family, SOCK_NONBLOCK);
  REQUIRE_FAILS(connect(fd, closed.address.get(), closed.address.length), EINPROGRESS);
  Epoll set;
  REQUIRE_OK(set.add(fd, EPOLLOUT));
  CHECK(set.one(patience) == (EPOLLOUT | EPOLLERR | EPOLLHUP));
  CHECK(int_option(fd, SOL_SOCKET, SO_ERROR) == ECONNREFUSED);
}

FAMILY_CASE("epoll: a listener is readable while connections wait") {
  Bound l = listener(family);
  Epoll set;
  REQUIRE_OK(set.add(l.fd, EPOLLIN | EPOLLOUT));
  CHECK(set.one() == 0);
  Fd a = tcp(family), b = tcp(family);
  REQUIRE_OK(connect(a, l.address.get(), l.address.length));
  REQUIRE_OK(connect(b, l.address.get(), l.address.length));
  CHECK(set.one(patience) == EPOLLIN);
  Fd first(accept(l.fd, nullptr, nullptr));
  CHECK(set.one(patience) == EPOLLIN);
  Fd second(accept(l.fd, nullptr, nullptr));
  CHECK(set.one() == 0);
}

FAMILY_CASE("epoll: a full connection isn't writable until the peer reads") {
  Pair p = small_tcp_pair(family);
  set_nonblocking(p.client);
  std::size_t taken = fill(p.client);
  Epoll set;
  REQUIRE_OK(set.add(p.client, EPOLLOUT));
  CHECK(set.one() == 0);
  receive(p.server, taken);
  CHECK(set.one(patience) == EPOLLOUT);
}

FAMILY_CASE("epoll: a UDP socket") {
  Pair p = udp_pair(family);
  Epoll set;
  REQUIRE_OK(set.add(p.server, EPOLLIN | EPOLLOUT));
  CHECK(set.one() == EPOLLOUT);
  send_all(p.client, "a");
  REQUIRE(readable(p.server));
  CHECK(set.one() == (EPOLLIN | EPOLLOUT));
  CHECK(receive(p.server, 1) == "a");
  CHECK(set.one() == EPOLLOUT);
}
