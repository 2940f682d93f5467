// poll(): the transitions of every bit of TCP and UDP sockets.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/eventfd.h>
#include <sys/timerfd.h>

#include "peer.h"
#include "poll_events_help.h"

using namespace conformance;
using namespace poll_events;

namespace {

void set_int(int fd, int level, int name, int value) { REQUIRE_OK(setsockopt(fd, level, name, &value, sizeof value)); }

}  // namespace

FAMILY_CASE("poll events: a connect in progress, then connected") {
  Bound l = listener(family);
  Fd fd = tcp(family, SOCK_NONBLOCK);
  CHECK(wait_for(fd, all, 0) == (POLLOUT | POLLHUP));
  REQUIRE_FAILS(connect(fd, l.address.get(), l.address.length), EINPROGRESS);
  REQUIRE(writable(fd));
  CHECK(wait_for(fd, all, 0) == POLLOUT);
}

FAMILY_CASE("poll events: a refused connect, until SO_ERROR is read") {
  Bound closed = bound_tcp(family);
  Fd fd = tcp(family, SOCK_NONBLOCK);
  REQUIRE_FAILS(connect(fd, closed.address.get(), closed.address.length), EINPROGRESS);
  REQUIRE(writable(fd));
  CHECK(wait_for(fd, all, 0) == (POLLIN | POLLOUT | POLLRDHUP | POLLERR | POLLHUP));
  CHECK(wait_for(fd, 0, 0) == (POLLERR | POLLHUP));
  CHECK(int_option(fd, SOL_SOCKET, SO_ERROR) == ECONNREFUSED);
  CHECK(wait_for(fd, all, 0) == (POLLIN | POLLOUT | POLLRDHUP | POLLHUP));
}

FAMILY_CASE("poll events: a reset, until SO_ERROR is read") {
  Peer peer;
  Address address = peer.listen(family);
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  peer.call("accept; reset");
  REQUIRE(readable(fd));
  CHECK(wait_for(fd, all, 0) == (POLLIN | POLLOUT | POLLRDHUP | POLLERR | POLLHUP));
  CHECK(int_option(fd, SOL_SOCKET, SO_ERROR) == ECONNRESET);
  CHECK(wait_for(fd, all, 0) == (POLLIN | POLLOUT | POLLRDHUP | POLLHUP));
  CHECK(wait_for(fd, 0, 0) == POLLHUP);
}

FAMILY_CASE("poll events: a reset is heard by who asks for nothing") {
  Peer peer;
  Address address = peer.listen(family);
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  peer.begin("accept; sleep 30; reset");
  CHECK(wait_for(fd, 0) == (POLLERR | POLLHUP));
  peer.finish();
}

FAMILY_CASE("poll events: data, then the end of the stream behind them") {
  Pair p = tcp_pair(family);
  send_all(p.client, "ab");
  REQUIRE_OK(shutdown(p.client, SHUT_WR));
  REQUIRE((wait_for(p.server, POLLRDHUP) & POLLRDHUP) != 0);
  CHECK(wait_for(p.server, all, 0) == (POLLIN | POLLOUT | POLLRDHUP));
  CHECK(receive(p.server, 2) == "ab");
  CHECK(wait_for(p.server, all, 0) == (POLLIN | POLLOUT | POLLRDHUP));
  CHECK(receive(p.server, 1).empty());
  CHECK(wait_for(p.server, all, 0) == (POLLIN | POLLOUT | POLLRDHUP));
}

FAMILY_CASE("poll events: both directions shut down by this side") {
  Pair p = tcp_pair(family);
  REQUIRE_OK(shutdown(p.server, SHUT_RDWR));
  CHECK(wait_for(p.server, all, 0) == (POLLIN | POLLOUT | POLLRDHUP | POLLHUP));
  CHECK(wait_for(p.client, POLLRDHUP) == POLLRDHUP);
  CHECK(wait_for(p.client, all, 0) == (POLLIN | POLLOUT | POLLRDHUP));
}

FAMILY_CASE("poll events: the peer's end after this side's is a hang-up") {
  Pair p = tcp_pair(family);
  REQUIRE_OK(shutdown(p.server, SHUT_WR));
  CHECK(wait_for(p.server, all, 0) == POLLOUT);
  REQUIRE(readable(p.client));
  p.client.reset();
  CHECK((wait_for(p.server, 0) & POLLHUP) != 0);
  CHECK(wait_for(p.server, all, 0) == (POLLIN | POLLOUT | POLLRDHUP | POLLHUP));
}

FAMILY_CASE("poll events: data aren't urgent") {
  Pair p = tcp_pair(family);
  send_all(p.client, "ab");
  REQUIRE(readable(p.server));
  CHECK(wait_for(p.server, POLLPRI, 0) == 0);
  CHECK(wait_for(p.server, POLLRDBAND, 0) == 0);
}

FAMILY_CASE("poll events: readable and writable by their other names") {
  Pair p = tcp_pair(family);
  CHECK(wait_for(p.server, POLLRDNORM | POLLWRNORM, 0) == POLLWRNORM);
  send_all(p.client, "ab");
  CHECK(wait_for(p.server, POLLRDNORM) == POLLRDNORM);
  CHECK(wait_for(p.server, POLLRDNORM | POLLWRNORM, 0) == (POLLRDNORM | POLLWRNORM));
}

FAMILY_CASE("poll events: less than the low-water mark isn't readable") {
  Pair p = tcp_pair(family);
  set_int(p.server, SOL_SOCKET, SO_RCVLOWAT, 10);
  send_all(p.client, "12345");
  CHECK(wait_for(p.server, POLLIN, 40) == 0);
  send_all(p.client, "67890");
  CHECK(wait_for(p.server, POLLIN) == POLLIN);
  CHECK(receive(p.server, 1) == "1");
  CHECK(wait_for(p.server, POLLIN, 0) == 0);
  send_all(p.client, "1");
  CHECK(wait_for(p.server, POLLIN) == POLLIN);
}

FAMILY_CASE("poll events: the end of the stream is readable below the low-water mark") {
  Pair p = tcp_pair(family);
  set_int(p.server, SOL_SOCKET, SO_RCVLOWAT, 10);
  send_all(p.client, "12345");
  CHECK(wait_for(p.server, POLLIN, 40) == 0);
  REQUIRE_OK(shutdown(p.client, SHUT_WR));
  CHECK(wait_for(p.server, POLLIN) == POLLIN);
}

FAMILY_CASE("poll events: a low-water mark that is set over data") {
  Pair p = tcp_pair(family);
  send_all(p.client, "12345");
  REQUIRE(readable(p.server));
  set_int(p.server, SOL_SOCKET, SO_RCVLOWAT, 6);
  CHECK(wait_for(p.server, POLLIN, 0) == 0);
  set_int(p.server, SOL_SOCKET, SO_RCVLOWAT, 5);
  CHECK(wait_for(p.server, POLLIN, 0) == POLLIN);
}

FAMILY_CASE("poll events: what is peeked at stays readable") {
  Pair p = tcp_pair(family);
  send_all(p.client, "ab");
  REQUIRE(readable(p.server));
  char bytes[4];
  REQUIRE_RETURNS(recv(p.server, bytes, sizeof bytes, MSG_PEEK), 2);
  CHECK(wait_for(p.server, POLLIN, 0) == POLLIN);
}

FAMILY_CASE("poll events: a listener has no other events") {
  Bound l = listener(family);
  CHECK(wait_for(l.fd, all, 0) == 0);
  Fd a = tcp(family), b = tcp(family);
  REQUIRE_OK(connect(a, l.address.get(), l.address.length));
  REQUIRE_OK(connect(b, l.address.get(), l.address.length));
  for (int i = 0; i < 2; ++i) {
    REQUIRE(readable(l.fd));
    CHECK(wait_for(l.fd, all, 0) == POLLIN);
    Fd server(accept(l.fd, nullptr, nullptr));
    REQUIRE(server >= 0);
  }
  CHECK(wait_for(l.fd, all, 0) == 0);
}

FAMILY_CASE("poll events: a connection that is dissolved is fresh again") {
  Pair p = tcp_pair(family);
  sockaddr none{};
  none.sa_family = AF_UNSPEC;
  REQUIRE_OK(connect(p.client, &none, sizeof none));
  CHECK((wait_for(p.client, all, 0) & (POLLIN | POLLOUT | POLLHUP)) == (POLLOUT | POLLHUP));
}

FAMILY_CASE("poll events: an accepted connection whose client is gone") {
  Bound l = listener(family);
  Fd client = tcp(family);
  REQUIRE_OK(connect(client, l.address.get(), l.address.length));
  send_all(client, "x");
  client.reset();
  REQUIRE(readable(l.fd));
  Fd server(accept(l.fd, nullptr, nullptr));
  CHECK((wait_for(server, POLLRDHUP) & POLLRDHUP) != 0);
  CHECK(wait_for(server, all, 0) == (POLLIN | POLLOUT | POLLRDHUP));
}

FAMILY_CASE("poll events: a refused datagram is an error, until SO_ERROR is read") {
  Bound closed = bound_udp(family), u = bound_udp(family);
  REQUIRE_OK(connect(u.fd, closed.address.get(), closed.address.length));
  closed.fd.reset();
  send_all(u.fd, "x");
  CHECK((wait_for(u.fd, POLLIN) & POLLERR) != 0);
  CHECK(int_option(u.fd, SOL_SOCKET, SO_ERROR) == ECONNREFUSED);
  CHECK(wait_for(u.fd, all, 0) == POLLOUT);
}

FAMILY_CASE("poll events: an empty datagram is readable") {
  Pair p = udp_pair(family);
  REQUIRE_RETURNS(send(p.client, "", 0, 0), 0);
  CHECK(wait_for(p.server, POLLIN) == POLLIN);
  char byte;
  REQUIRE_RETURNS(recv(p.server, &byte, 1, 0), 0);
  CHECK(wait_for(p.server, all, 0) == POLLOUT);
}

FAMILY_CASE("poll events: a UDP socket that is shut down") {
  Pair p = udp_pair(family);
  REQUIRE_OK(shutdown(p.server, SHUT_RD));
  CHECK(wait_for(p.server, all, 0) == (POLLIN | POLLOUT | POLLRDHUP));
  REQUIRE_OK(shutdown(p.server, SHUT_WR));
  CHECK(wait_for(p.server, all, 0) == (POLLIN | POLLOUT | POLLRDHUP | POLLHUP));
  REQUIRE_OK(shutdown(p.client, SHUT_WR));
  CHECK(wait_for(p.client, all, 0) == POLLOUT);
}
