// kevent(): reading from and writing to sockets of the network.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "kqueue_help.h"
#include "peer.h"

using namespace conformance;

// EVFILT_READ, Sockets: "Other socket descriptors return when there is data to be read, subject to the SO_RCVLOWAT value of
// the socket buffer. [...] data contains the number of bytes of protocol data available to read."
FAMILY_CASE("kqueue: data of a connection") {
  Pair p = tcp_pair(family);
  Queue queue;
  REQUIRE_OK(queue.add(p.server, EVFILT_READ));
  CHECK(queue.count() == 0);
  send_all(p.client, "abc");
  struct kevent event = queue.one();
  CHECK(event.data == 3);
  CHECK((event.flags & EV_EOF) == 0);
  CHECK(receive(p.server, 2) == "ab");
  CHECK(queue.one().data == 1);
  CHECK(receive(p.server, 1) == "c");
  CHECK(queue.count() == 0);
}

// "If the read direction of the socket has shutdown, then the filter also sets EV_EOF in flags, and returns the socket error
// (if any) in fflags. It is possible for EOF to be returned (indicating the connection is gone) while there is still data
// pending in the socket buffer."
FAMILY_CASE("kqueue: the end of the stream, with data and without") {
  Pair p = tcp_pair(family);
  Queue queue;
  REQUIRE_OK(queue.add(p.server, EVFILT_READ));
  send_all(p.client, "abc");
  REQUIRE_OK(shutdown(p.client, SHUT_WR));
  REQUIRE((wait_for(p.server, POLLRDHUP) & POLLRDHUP) != 0);
  struct kevent event = queue.one();
  CHECK(event.data == 3);
  CHECK((event.flags & EV_EOF) != 0);
  CHECK(event.fflags == 0);
  CHECK(receive(p.server, 3) == "abc");
  event = queue.one();
  CHECK(event.data == 0);
  CHECK((event.flags & EV_EOF) != 0);
}

FAMILY_CASE("kqueue: a reset tells its error in fflags") {
  Peer peer;
  Address address = peer.listen(family);
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  Queue queue;
  REQUIRE_OK(queue.add(fd, EVFILT_READ));
  peer.call("accept; reset");
  struct kevent event = queue.one();
  CHECK((event.flags & EV_EOF) != 0);
  CHECK(event.fflags == ECONNRESET);
  CHECK(int_option(fd, SOL_SOCKET, SO_ERROR) == ECONNRESET);  // telling doesn't take it
}

// NOTE_LOWAT: "the low water mark [may be] overridden at the time the filter is added by setting the NOTE_LOWAT flag in
// fflags, and specifying the new low water mark in data."
FAMILY_CASE("kqueue: a low-water mark of the filter's own") {
  Pair p = tcp_pair(family);
  Queue queue;
  REQUIRE_OK(queue.change(p.server, EVFILT_READ, EV_ADD, NOTE_LOWAT, 5));
  send_all(p.client, "abc");
  CHECK(queue.count(40) == 0);
  send_all(p.client, "de");
  CHECK(queue.one().data == 5);
}

FAMILY_CASE("kqueue: a low-water mark of the socket's") {
  Pair p = tcp_pair(family);
  int mark = 5;
  REQUIRE_OK(setsockopt(p.server, SOL_SOCKET, SO_RCVLOWAT, &mark, sizeof mark));
  Queue queue;
  REQUIRE_OK(queue.add(p.server, EVFILT_READ));
  send_all(p.client, "abc");
  CHECK(queue.count(40) == 0);
  send_all(p.client, "de");
  CHECK(queue.one().data == 5);
}

// "Sockets which have previously been passed to listen() return when there is an incoming connection pending. data contains
// the size of the listen backlog."
FAMILY_CASE("kqueue: a listener") {
  Bound l = listener(family);
  Queue queue;
  REQUIRE_OK(queue.add(l.fd, EVFILT_READ));
  REQUIRE_OK(queue.add(l.fd, EVFILT_WRITE));
  CHECK(queue.count() == 0);
  Fd client = tcp(family);
  REQUIRE_OK(connect(client, l.address.get(), l.address.length));
  struct kevent event = queue.one();
  CHECK(event.filter == EVFILT_READ);
  CHECK(event.data >= 1);
  Fd server(accept(l.fd, nullptr, nullptr));
  CHECK(queue.count() == 0);
}

// EVFILT_WRITE: "Returns whenever it is possible to write to the descriptor. For sockets, pipes and fifos, data will contain
// the amount of space remaining in the write buffer."
FAMILY_CASE("kqueue: room of a connection") {
  Pair p = small_tcp_pair(family);
  set_nonblocking(p.client);
  Queue queue;
  REQUIRE_OK(queue.add(p.client, EVFILT_WRITE));
  CHECK(queue.one().data > 0);
  std::size_t taken = fill(p.client);
  CHECK(queue.count() == 0);
  receive(p.server, taken);
  CHECK(queue.one().data > 0);
}

// "The filter will set EV_EOF when the reader disconnects".
FAMILY_CASE("kqueue: writing after this side's end") {
  Pair p = tcp_pair(family);
  Queue queue;
  REQUIRE_OK(queue.add(p.client, EVFILT_WRITE));
  CHECK((queue.one().flags & EV_EOF) == 0);
  REQUIRE_OK(shutdown(p.client, SHUT_WR));
  CHECK((queue.one().flags & EV_EOF) != 0);
}

// A socket that must be connected before it's written to isn't ready before that.
FAMILY_CASE("kqueue: a connect in progress, and one that is refused") {
  Bound l = listener(family), closed = bound_tcp(family);
  Fd good = tcp(family, SOCK_NONBLOCK), bad = tcp(family, SOCK_NONBLOCK);
  Queue queue;
  REQUIRE_OK(queue.add(good, EVFILT_WRITE));
  CHECK(queue.count() == 0);
  REQUIRE_FAILS(connect(good, l.address.get(), l.address.length), EINPROGRESS);
  struct kevent event = queue.one();
  CHECK((event.flags & EV_EOF) == 0);
  CHECK(event.data > 0);
  REQUIRE_OK(queue.remove(good, EVFILT_WRITE));
  REQUIRE_FAILS(connect(bad, closed.address.get(), closed.address.length), EINPROGRESS);
  REQUIRE_OK(queue.add(bad, EVFILT_WRITE));
  event = queue.one();
  CHECK((event.flags & EV_EOF) != 0);
  CHECK(event.fflags == ECONNREFUSED);
}

FAMILY_CASE("kqueue: cleared events of a connection, one for each arrival") {
  Pair p = tcp_pair(family);
  Queue queue;
  REQUIRE_OK(queue.add(p.server, EVFILT_READ, EV_CLEAR));
  REQUIRE_OK(queue.add(p.server, EVFILT_WRITE, EV_CLEAR));
  CHECK(queue.one().filter == EVFILT_WRITE);
  for (int i = 1; i <= 3; ++i) {
    send_all(p.client, "x");
    struct kevent event = queue.one();
    CHECK(event.filter == EVFILT_READ);
    CHECK(event.data == i);
    CHECK(queue.count() == 0);
  }
  CHECK(queue.count(30) == 0);
}

FAMILY_CASE("kqueue: a cleared event for writing comes again whenever there is room again") {
  Pair p = small_tcp_pair(family);
  set_nonblocking(p.client);
  Queue queue;
  REQUIRE_OK(queue.add(p.client, EVFILT_WRITE, EV_CLEAR));
  CHECK(queue.one().filter == EVFILT_WRITE);
  for (int round = 0; round < 4; ++round) {
    const std::size_t taken = fill(p.client);
    REQUIRE(taken > 0);
    CHECK(queue.count(20) == 0);
    CHECK(receive(p.server, taken).size() == taken);
    struct kevent event = queue.one();
    CHECK(event.filter == EVFILT_WRITE);
    CHECK(event.data > 0);
    CHECK(queue.count(20) == 0);
  }
}

FAMILY_CASE("kqueue: datagrams") {
  Pair p = udp_pair(family);
  Queue queue;
  REQUIRE_OK(queue.add(p.server, EVFILT_READ));
  REQUIRE_OK(queue.add(p.client, EVFILT_WRITE));
  CHECK(queue.one().filter == EVFILT_WRITE);
  REQUIRE_OK(queue.remove(p.client, EVFILT_WRITE));
  send_all(p.client, "abcde");
  CHECK(queue.one().data == 5);
  CHECK(receive(p.server, 5) == "abcde");
  CHECK(queue.count() == 0);
}
