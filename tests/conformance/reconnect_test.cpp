// The same descriptor again: after a refusal, after AF_UNSPEC, with its options and its binding.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <netinet/tcp.h>

#include "peer.h"

using namespace conformance;

namespace {

long long connect_to(int fd, const Address& address) { return connect(fd, address.get(), address.length); }

long long dissolve(int fd) {
  sockaddr none{};
  none.sa_family = AF_UNSPEC;
  return connect(fd, &none, sizeof none);
}

/// Bound to a port by number: one that the system chose itself is given up with the connection.
Bound bound_by_number(int family) {
  Bound chosen = bound_tcp(family);
  chosen.fd = tcp(family);
  REQUIRE_OK(bind(chosen.fd, chosen.address.get(), chosen.address.length));
  return chosen;
}

}  // namespace

FAMILY_CASE("reconnect: after a refusal the options are kept") {
  Bound closed = bound_tcp(family), open = listener(family);
  Fd fd = tcp(family);
  const int on = 1, size = 30000;
  REQUIRE_OK(setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on));
  REQUIRE_OK(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));
  REQUIRE_OK(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size));
  const int buffer = int_option(fd, SOL_SOCKET, SO_RCVBUF);
  set_timeout(fd, SO_RCVTIMEO, 1500);
  CHECK_FAILS(connect_to(fd, closed.address), ECONNREFUSED);
  REQUIRE_OK(connect_to(fd, open.address));
  CHECK(int_option(fd, SOL_SOCKET, SO_KEEPALIVE) == 1);
  CHECK(int_option(fd, IPPROTO_TCP, TCP_NODELAY) == 1);
  CHECK(int_option(fd, SOL_SOCKET, SO_RCVBUF) == buffer);
  timeval timeout{};
  socklen_t length = sizeof timeout;
  REQUIRE_OK(getsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, &length));
  CHECK(timeout.tv_sec == 1);
}

FAMILY_CASE("reconnect: after a refusal the port of bind is kept") {
  Bound closed = bound_tcp(family), open = listener(family);
  Bound own = bound_by_number(family);
  CHECK_FAILS(connect_to(own.fd, closed.address), ECONNREFUSED);
  REQUIRE_OK(connect_to(own.fd, open.address));
  CHECK(local_address(own.fd).port() == own.address.port());
  Fd accepted(accept(open.fd, nullptr, nullptr));
  REQUIRE_OK(static_cast<int>(accepted));
  CHECK(peer_address(accepted).port() == own.address.port());
}

FAMILY_CASE("reconnect: ten refusals, then a connection that works") {
  Bound closed = bound_tcp(family), open = listener(family);
  Fd fd = tcp(family);
  for (int i = 0; i < 10; ++i) CHECK_FAILS(connect_to(fd, closed.address), ECONNREFUSED);
  REQUIRE_OK(connect_to(fd, open.address));
  Fd accepted(accept(open.fd, nullptr, nullptr));
  send_all(fd, "at last");
  CHECK(receive(accepted, 7) == "at last");
}

FAMILY_CASE("reconnect: O_NONBLOCK, the number and its copies stay") {
  Bound closed = bound_tcp(family), open = listener(family);
  Fd fd = tcp(family, SOCK_NONBLOCK);
  Fd copy(dup(fd));
  CHECK_FAILS(connect_to(fd, closed.address), EINPROGRESS);
  REQUIRE((wait_for(fd, POLLOUT) & POLLERR) != 0);
  CHECK(int_option(fd, SOL_SOCKET, SO_ERROR) == ECONNREFUSED);
  CHECK_FAILS(connect_to(copy, closed.address), ECONNABORTED);
  CHECK_FAILS(connect_to(fd, open.address), EINPROGRESS);
  CHECK((fcntl(copy, F_GETFL) & O_NONBLOCK) != 0);
  REQUIRE(writable(copy));
  CHECK(int_option(copy, SOL_SOCKET, SO_ERROR) == 0);
  CHECK(peer_address(copy).port() == open.address.port());
}

FAMILY_CASE("reconnect: AF_UNSPEC ends a connection, and the descriptor connects again") {
  Bound one = listener(family), two = listener(family);
  Fd fd = tcp(family);
  REQUIRE_OK(connect_to(fd, one.address));
  Fd first(accept(one.fd, nullptr, nullptr));
  REQUIRE_OK(dissolve(fd));
  CHECK(readable(first));
  Address none;
  CHECK_FAILS(getpeername(fd, none.get(), &none.length), ENOTCONN);
  REQUIRE_OK(connect_to(fd, two.address));
  Fd second(accept(two.fd, nullptr, nullptr));
  send_all(second, "again");
  CHECK(receive(fd, 5) == "again");
}

FAMILY_CASE("reconnect: AF_UNSPEC makes a listener an ordinary socket") {
  Bound open = listener(family), other = listener(family);
  REQUIRE_OK(dissolve(open.fd));
  CHECK(int_option(open.fd, SOL_SOCKET, SO_ACCEPTCONN) == 0);
  CHECK_FAILS(accept(open.fd, nullptr, nullptr), EINVAL);
  CHECK_OK(connect_to(open.fd, other.address));
}

FAMILY_CASE("reconnect: a shutdown before the connect is remembered") {
  Bound open = listener(family);
  Fd fd = tcp(family);
  CHECK_FAILS(shutdown(fd, SHUT_RDWR), ENOTCONN);
  CHECK((wait_for(fd, POLLIN | POLLRDHUP, 0) & POLLRDHUP) != 0);
  REQUIRE_OK(dissolve(fd));
  CHECK((wait_for(fd, POLLIN | POLLRDHUP, 0) & POLLRDHUP) == 0);
  CHECK_OK(connect_to(fd, open.address));
}

FAMILY_CASE("reconnect: a listener that was shut down listens again on its port") {
  Bound open = bound_by_number(family);
  REQUIRE_OK(listen(open.fd, 4));
  REQUIRE_OK(shutdown(open.fd, SHUT_RD));
  Fd client = tcp(family);
  CHECK_FAILS(connect_to(client, open.address), ECONNREFUSED);
  REQUIRE_OK(listen(open.fd, 4));
  CHECK_OK(connect_to(client, open.address));
  CHECK(readable(open.fd));
}

FAMILY_CASE("reconnect: a UDP socket sends elsewhere and stays connected") {
  Pair p = udp_pair(family);
  Bound other = bound_udp(family);
  const Address own = local_address(p.client);
  for (int i = 0; i < 3; ++i) {
    REQUIRE_RETURNS(sendto(p.client, "x", 1, 0, other.address.get(), other.address.length), 1);
    char byte;
    Address from;
    REQUIRE_RETURNS(recvfrom(other.fd, &byte, 1, 0, from.get(), &from.length), 1);
    CHECK(from.port() == own.port());
    send_all(p.client, "to the peer");
    CHECK(receive(p.server, 11) == "to the peer");
  }
  CHECK(local_address(p.client).port() == own.port());
}

FAMILY_CASE("reconnect: what waits at a UDP socket outlives sends elsewhere and new peers") {
  Pair p = udp_pair(family);
  Bound other = bound_udp(family);
  send_all(p.server, "first");
  send_all(p.server, "second");
  REQUIRE(readable(p.client));
  char gathered[] = "gathered";
  iovec pieces[2] = {{gathered, 4}, {gathered + 4, 4}};
  msghdr message{};
  message.msg_name = other.address.get();
  message.msg_namelen = other.address.length;
  message.msg_iov = pieces;
  message.msg_iovlen = 2;
  REQUIRE_RETURNS(sendmsg(p.client, &message, 0), 8);
  CHECK(receive(other.fd, 8) == "gathered");
  REQUIRE_OK(connect_to(p.client, other.address));
  char buffer[16];
  CHECK_RETURNS(recv(p.client, buffer, sizeof buffer, 0), 5);
  CHECK_RETURNS(recv(p.client, buffer, sizeof buffer, 0), 6);
}

FAMILY_CASE("reconnect: a connection that was reset before connect told of it only has that it failed") {
  Bound open = listener(family);
  Fd fd = tcp(family, SOCK_NONBLOCK);
  CHECK_FAILS(connect_to(fd, open.address), EINPROGRESS);
  REQUIRE(writable(fd));
  SECTION("by a listener that was closed") { CHECK_OK(close(open.fd.release())); }
  SECTION("by the accepted end") {
    Fd accepted(accept(open.fd, nullptr, nullptr));
    const linger none = {1, 0};
    REQUIRE_OK(setsockopt(accepted, SOL_SOCKET, SO_LINGER, &none, sizeof none));
  }
  REQUIRE((wait_for(fd, POLLIN, 8000) & POLLERR) != 0);
  CHECK(int_option(fd, SOL_SOCKET, SO_ERROR) == ECONNRESET);
  CHECK_FAILS(connect_to(fd, open.address), ECONNABORTED);
  Bound other = listener(family);
  CHECK_FAILS(connect_to(fd, other.address), EINPROGRESS);
  REQUIRE(writable(fd));
  CHECK_OK(connect_to(fd, other.address));
  CHECK_FAILS(connect_to(fd, other.address), EISCONN);
}
