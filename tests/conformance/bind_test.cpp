// bind() and the names that getsockname() gives.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "net.h"

using namespace conformance;

FAMILY_CASE("bind: an unbound TCP socket has the wildcard name with port 0") {
  Fd fd = tcp(family);
  Address name = local_address(fd);
  CHECK(name.family() == family);
  CHECK(name.length == size_of(family));
  CHECK(name.is_any());
  CHECK(name.port() == 0);
}

FAMILY_CASE("bind: an unbound UDP socket has the wildcard name with port 0") {
  Fd fd = udp(family);
  Address name = local_address(fd);
  CHECK(name.family() == family);
  CHECK(name.length == size_of(family));
  CHECK(name.is_any());
  CHECK(name.port() == 0);
}

FAMILY_CASE("bind: port 0 picks a free TCP port") {
  Bound a = bound_tcp(family);
  Bound b = bound_tcp(family);
  CHECK(a.address.is_loopback());
  CHECK(a.address.port() != 0);
  CHECK(b.address.port() != 0);
  CHECK(a.address.port() != b.address.port());
}

FAMILY_CASE("bind: port 0 picks a free UDP port") {
  Bound a = bound_udp(family);
  Bound b = bound_udp(family);
  CHECK(a.address.is_loopback());
  CHECK(a.address.port() != 0);
  CHECK(a.address.port() != b.address.port());
}

FAMILY_CASE("bind: to the wildcard address keeps the wildcard name") {
  Fd fd = tcp(family);
  Address any = Address::any(family);
  REQUIRE_OK(bind(fd, any.get(), any.length));
  CHECK(local_address(fd).is_any());
  CHECK(local_address(fd).port() != 0);
}

FAMILY_CASE("bind: UDP to the wildcard address keeps the wildcard name") {
  Fd fd = udp(family);
  Address any = Address::any(family);
  REQUIRE_OK(bind(fd, any.get(), any.length));
  CHECK(local_address(fd).is_any());
  CHECK(local_address(fd).port() != 0);
}

FAMILY_CASE("bind: twice fails with EINVAL") {
  Bound b = bound_tcp(family);
  Address other = Address::loopback(family);
  CHECK_FAILS(bind(b.fd, other.get(), other.length), EINVAL);
  CHECK(local_address(b.fd) == b.address);
}

FAMILY_CASE("bind: UDP twice fails with EINVAL") {
  Bound b = bound_udp(family);
  Address other = Address::loopback(family);
  CHECK_FAILS(bind(b.fd, other.get(), other.length), EINVAL);
  CHECK(local_address(b.fd) == b.address);
}

FAMILY_CASE("bind: a TCP port in use by a listener gives EADDRINUSE") {
  Bound l = listener(family);
  Fd fd = tcp(family);
  CHECK_FAILS(bind(fd, l.address.get(), l.address.length), EADDRINUSE);
}

FAMILY_CASE("bind: a UDP port in use gives EADDRINUSE") {
  Bound b = bound_udp(family);
  Fd fd = udp(family);
  CHECK_FAILS(bind(fd, b.address.get(), b.address.length), EADDRINUSE);
}

FAMILY_CASE("bind: after EADDRINUSE the socket can be bound elsewhere") {
  Bound l = listener(family);
  Fd fd = tcp(family);
  REQUIRE_FAILS(bind(fd, l.address.get(), l.address.length), EADDRINUSE);
  Address other = Address::loopback(family);
  CHECK_OK(bind(fd, other.get(), other.length));
  CHECK(local_address(fd).port() != 0);
}

FAMILY_CASE("bind: TCP and UDP ports don't collide") {
  Bound l = listener(family);
  Fd fd = udp(family);
  CHECK_OK(bind(fd, l.address.get(), l.address.length));
}

TEST_CASE("bind: an address that isn't this machine's gives EADDRNOTAVAIL (IPv4)") {
  Address foreign = Address::any(AF_INET);
  reinterpret_cast<sockaddr_in*>(foreign.get())->sin_addr.s_addr = htonl(0xc0000201);  // 192.0.2.1
  Fd a = tcp(AF_INET);
  CHECK_FAILS(bind(a, foreign.get(), foreign.length), EADDRNOTAVAIL);
  Fd b = udp(AF_INET);
  CHECK_FAILS(bind(b, foreign.get(), foreign.length), EADDRNOTAVAIL);
}

TEST_CASE("bind: an address that isn't this machine's gives EADDRNOTAVAIL (IPv6)") {
  Address foreign = Address::any(AF_INET6);
  auto* in6 = reinterpret_cast<sockaddr_in6*>(foreign.get());
  const unsigned char documentation[] = {0x20, 0x01, 0x0d, 0xb8};
  std::memcpy(in6->sin6_addr.s6_addr, documentation, sizeof documentation);
  in6->sin6_addr.s6_addr[15] = 1;
  Fd a = tcp(AF_INET6);
  CHECK_FAILS(bind(a, foreign.get(), foreign.length), EADDRNOTAVAIL);
  Fd b = udp(AF_INET6);
  CHECK_FAILS(bind(b, foreign.get(), foreign.length), EADDRNOTAVAIL);
}

TEST_CASE("bind: an IPv6 address on an IPv4 socket gives EAFNOSUPPORT") {
  Address six = Address::loopback(AF_INET6);
  Fd a = tcp(AF_INET);
  CHECK_FAILS(bind(a, six.get(), six.length), EAFNOSUPPORT);
  Fd b = udp(AF_INET);
  CHECK_FAILS(bind(b, six.get(), six.length), EAFNOSUPPORT);
}

TEST_CASE("bind: an IPv4 address on an IPv6 socket") {
  // sockaddr_in is shorter than what IPv6 wants, and the length is looked at first.
  Address four = Address::loopback(AF_INET);
  Fd fd = tcp(AF_INET6);
  CHECK_FAILS(bind(fd, four.get(), four.length), EINVAL);
  CHECK_FAILS(bind(fd, four.get(), sizeof four.storage), EAFNOSUPPORT);
}

TEST_CASE("bind: AF_UNSPEC with the wildcard address counts as IPv4") {
  Address any = Address::any(AF_INET);
  any.storage.ss_family = AF_UNSPEC;
  Fd fd = tcp(AF_INET);
  CHECK_OK(bind(fd, any.get(), any.length));
  CHECK(local_address(fd).port() != 0);
}

TEST_CASE("bind: AF_UNSPEC with another address gives EAFNOSUPPORT") {
  Address other = Address::loopback(AF_INET);
  other.storage.ss_family = AF_UNSPEC;
  Fd fd = tcp(AF_INET);
  CHECK_FAILS(bind(fd, other.get(), other.length), EAFNOSUPPORT);
}

FAMILY_CASE("bind: a length that is too short gives EINVAL") {
  Address a = Address::loopback(family);
  Fd t = tcp(family);
  Fd u = udp(family);
  CHECK_FAILS(bind(t, a.get(), 0), EINVAL);
  CHECK_FAILS(bind(t, a.get(), 1), EINVAL);
  CHECK_FAILS(bind(t, a.get(), sizeof(sa_family_t)), EINVAL);
  CHECK_FAILS(bind(u, a.get(), sizeof(sa_family_t)), EINVAL);
  CHECK_FAILS(bind(u, a.get(), 7), EINVAL);
}

FAMILY_CASE("bind: a length of the whole storage is fine") {
  Address a = Address::loopback(family);
  Fd fd = tcp(family);
  CHECK_OK(bind(fd, a.get(), sizeof a.storage));
}

FAMILY_CASE("bind: a length beyond any address gives EINVAL") {
  char space[512] = {};
  Address a = Address::loopback(family);
  std::memcpy(space, a.get(), a.length);
  Fd fd = tcp(family);
  CHECK_FAILS(bind(fd, reinterpret_cast<sockaddr*>(space), sizeof space), EINVAL);
  CHECK_FAILS(bind(fd, reinterpret_cast<sockaddr*>(space), static_cast<socklen_t>(-1)), EINVAL);
}

FAMILY_CASE("bind: NULL gives EFAULT, without a length EINVAL") {
  const sockaddr* volatile null = nullptr;
  Fd fd = tcp(family);
  CHECK_FAILS(bind(fd, null, size_of(family)), EFAULT);
  CHECK_FAILS(bind(fd, null, 0), EINVAL);
}

FAMILY_CASE("bind: the port of a closed listener can be bound again") {
  Bound l = listener(family);
  l.fd.reset();
  Fd fd = tcp(family);
  CHECK_OK(bind(fd, l.address.get(), l.address.length));
  CHECK(local_address(fd) == l.address);
}

FAMILY_CASE("bind: with SO_REUSEADDR a port with old connections can be bound again") {
  int on = 1;
  Bound l{tcp(family), Address::loopback(family)};
  REQUIRE_OK(setsockopt(l.fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on));
  REQUIRE_OK(bind(l.fd, l.address.get(), l.address.length));
  REQUIRE_OK(listen(l.fd, 1));
  l.address = local_address(l.fd);
  Fd client = tcp(family);
  REQUIRE_OK(connect(client, l.address.get(), l.address.length));
  Fd server(accept(l.fd, nullptr, nullptr));
  // The server closes first, so that its end stays in TIME_WAIT.
  l.fd.reset();
  server.reset();
  CHECK(receive_to_end(client).empty());
  client.reset();
  Fd again = tcp(family);
  REQUIRE_OK(setsockopt(again, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on));
  CHECK_OK(bind(again, l.address.get(), l.address.length));
  CHECK_OK(listen(again, 1));
}

FAMILY_CASE("bind: on a connected socket gives EINVAL") {
  Pair p = tcp_pair(family);
  Address a = Address::loopback(family);
  CHECK_FAILS(bind(p.client, a.get(), a.length), EINVAL);
}

FAMILY_CASE("bind: on a listening socket gives EINVAL") {
  Bound l = listener(family);
  Address a = Address::loopback(family);
  CHECK_FAILS(bind(l.fd, a.get(), a.length), EINVAL);
}
