// listen() and the states it wants.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <vector>

#include "net.h"

using namespace conformance;

FAMILY_CASE("listen: a bound socket listens") {
  Bound b = bound_tcp(family);
  CHECK(int_option(b.fd, SOL_SOCKET, SO_ACCEPTCONN) == 0);
  REQUIRE_OK(listen(b.fd, 8));
  CHECK(int_option(b.fd, SOL_SOCKET, SO_ACCEPTCONN) == 1);
  CHECK(local_address(b.fd) == b.address);
}

FAMILY_CASE("listen: an unbound socket gets a port of its own") {
  Fd fd = tcp(family);
  REQUIRE_OK(listen(fd, 8));
  Address name = local_address(fd);
  CHECK(name.is_any());
  REQUIRE(name.port() != 0);
  Address target = Address::loopback(family, name.port());
  Fd client = tcp(family);
  CHECK_OK(connect(client, target.get(), target.length));
  Fd server(accept(fd, nullptr, nullptr));
  CHECK_OK(int(server));
}

FAMILY_CASE("listen: again only changes the backlog") {
  Bound l = listener(family, 1);
  CHECK_OK(listen(l.fd, 20));
  Fd client = tcp(family);
  CHECK_OK(connect(client, l.address.get(), l.address.length));
  CHECK(readable(l.fd));
}

FAMILY_CASE("listen: a backlog of zero still takes a connection") {
  Bound l = listener(family, 0);
  Fd client = tcp(family);
  REQUIRE_OK(connect(client, l.address.get(), l.address.length));
  Fd server(accept(l.fd, nullptr, nullptr));
  CHECK_OK(int(server));
}

FAMILY_CASE("listen: a negative or huge backlog is taken as the limit") {
  Bound a = bound_tcp(family);
  CHECK_OK(listen(a.fd, -1));
  Bound b = bound_tcp(family);
  CHECK_OK(listen(b.fd, 0x7fffffff));
  Fd client = tcp(family);
  CHECK_OK(connect(client, b.address.get(), b.address.length));
}

FAMILY_CASE("listen: on a connected socket gives EINVAL") {
  Pair p = tcp_pair(family);
  CHECK_FAILS(listen(p.client, 1), EINVAL);
  CHECK_FAILS(listen(p.server, 1), EINVAL);
}

FAMILY_CASE("listen: on a UDP socket gives EOPNOTSUPP") {
  Bound b = bound_udp(family);
  CHECK_FAILS(listen(b.fd, 1), EOPNOTSUPP);
}

FAMILY_CASE("listen: connections wait until they are accepted, in order") {
  Bound l = listener(family);
  std::vector<Fd> clients;
  std::vector<Address> names;
  for (int i = 0; i < 5; ++i) {
    clients.push_back(tcp(family));
    REQUIRE_OK(connect(clients.back(), l.address.get(), l.address.length));
    names.push_back(local_address(clients.back()));
  }
  for (int i = 0; i < 5; ++i) {
    Address from;
    Fd server(accept(l.fd, from.get(), &from.length));
    REQUIRE_OK(int(server));
    CHECK(from == names[static_cast<std::size_t>(i)]);
  }
}

FAMILY_CASE("listen: data that a client sends before the accept is kept") {
  Bound l = listener(family);
  Fd client = tcp(family);
  REQUIRE_OK(connect(client, l.address.get(), l.address.length));
  REQUIRE_RETURNS(send(client, "early", 5, 0), 5);
  client.reset();
  Fd server(accept(l.fd, nullptr, nullptr));
  CHECK(receive_to_end(server) == "early");
}

FAMILY_CASE("listen: a listening socket can't connect") {
  Bound l = listener(family);
  Bound other = listener(family);
  CHECK_FAILS(connect(l.fd, other.address.get(), other.address.length), EISCONN);
}

FAMILY_CASE("listen: a listening socket can't send or receive") {
  Bound l = listener(family);
  char byte = 0;
  CHECK_FAILS(recv(l.fd, &byte, 1, 0), ENOTCONN);
  CHECK_FAILS(read(l.fd, &byte, 1), ENOTCONN);
  CHECK_FAILS(send(l.fd, "x", 1, MSG_NOSIGNAL), EPIPE);
}

FAMILY_CASE("listen: a listening socket has no peer") {
  Bound l = listener(family);
  Address a;
  CHECK_FAILS(getpeername(l.fd, a.get(), &a.length), ENOTCONN);
}

FAMILY_CASE("listen: after close the port refuses") {
  Bound l = listener(family);
  l.fd.reset();
  Fd client = tcp(family);
  CHECK_FAILS(connect(client, l.address.get(), l.address.length), ECONNREFUSED);
}

TEST_CASE("listen: when the port is in use, and again when it is free") {
  Fd one = tcp(AF_INET), other = tcp(AF_INET);
  const int on = 1;
  for (int fd : {int(one), int(other)}) REQUIRE_OK(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on));
  Address address = Address::loopback(AF_INET);
  REQUIRE_OK(bind(one, address.get(), address.length));
  address = local_address(one);
  REQUIRE_OK(bind(other, address.get(), address.length));
  REQUIRE_OK(listen(other, 1));
  CHECK_FAILS(listen(one, 1), EADDRINUSE);
  CHECK_FAILS(listen(one, 1), EADDRINUSE);
  CHECK(local_address(one).port() == address.port());
  other.reset();
  CHECK_OK(listen(one, 1));
  Fd client = tcp(AF_INET);
  CHECK_OK(connect(client, address.get(), address.length));
  CHECK(Fd(accept(one, nullptr, nullptr)) >= 0);
}
