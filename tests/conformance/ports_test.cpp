// Which ports a socket has: conflicts between sockets of one program, and ports that Linux gives up by itself.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "net.h"

using namespace conformance;

namespace {

long long bind_to(int fd, const Address& address) { return bind(fd, address.get(), address.length); }
long long connect_to(int fd, const Address& address) { return connect(fd, address.get(), address.length); }

long long dissolve(int fd) {
  sockaddr none{};
  none.sa_family = AF_UNSPEC;
  return connect(fd, &none, sizeof none);
}

void reuse(int fd) {
  const int on = 1;
  REQUIRE_OK(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on));
}

}  // namespace

FAMILY_CASE("ports: a bound port is taken although nobody listens") {
  Bound first = bound_tcp(family);
  Fd second = tcp(family);
  CHECK_FAILS(bind_to(second, first.address), EADDRINUSE);
  CHECK_FAILS(bind_to(second, Address::any(family, first.address.port())), EADDRINUSE);
  CHECK(local_address(second).port() == 0);
  CHECK_OK(bind_to(second, Address::any(family)));
}

FAMILY_CASE("ports: a listening port is taken even with SO_REUSEADDR") {
  Bound first = listener(family);
  Fd second = tcp(family);
  reuse(second);
  CHECK_FAILS(bind_to(second, first.address), EADDRINUSE);
}

FAMILY_CASE("ports: SO_REUSEADDR on one of two is not enough") {
  Bound first = bound_tcp(family);
  Fd second = tcp(family);
  reuse(second);
  CHECK_FAILS(bind_to(second, first.address), EADDRINUSE);
}

FAMILY_CASE("ports: SO_REUSEADDR on both shares a port until one listens") {
  Fd first = tcp(family), second = tcp(family), third = tcp(family);
  for (Fd* fd : {&first, &second, &third}) reuse(*fd);
  REQUIRE_OK(bind_to(first, Address::loopback(family)));
  const Address address = local_address(first);
  REQUIRE_OK(bind_to(second, address));
  REQUIRE_OK(listen(first, 1));
  CHECK_FAILS(listen(second, 1), EADDRINUSE);
  CHECK_FAILS(bind_to(third, address), EADDRINUSE);
}

FAMILY_CASE("ports: a wildcard port is taken for every address") {
  Fd first = tcp(family), second = tcp(family);
  REQUIRE_OK(bind_to(first, Address::any(family)));
  CHECK_FAILS(bind_to(second, Address::loopback(family, local_address(first).port())), EADDRINUSE);
}

FAMILY_CASE("ports: closing frees one") {
  Bound first = bound_tcp(family);
  const Address address = first.address;
  first.fd.reset();
  Fd second = tcp(family);
  CHECK_OK(bind_to(second, address));
}

FAMILY_CASE("ports: a connection's own port is taken") {
  Pair p = tcp_pair(family);
  Fd other = tcp(family);
  CHECK_FAILS(bind_to(other, local_address(p.client)), EADDRINUSE);
}

FAMILY_CASE("ports: of an accepted connection it stays taken when the listener is gone") {
  Pair p = tcp_pair(family);
  Fd other = tcp(family);
  CHECK_FAILS(bind_to(other, local_address(p.server)), EADDRINUSE);
}

TEST_CASE("ports: two addresses of one host can share a number") {
  Fd first = tcp(AF_INET), second = tcp(AF_INET);
  Address address = Address::loopback(AF_INET);
  REQUIRE_OK(bind_to(first, address));
  reinterpret_cast<sockaddr_in*>(address.get())->sin_addr.s_addr = htonl(0x7f000002);
  address.set_port(local_address(first).port());
  CHECK_OK(bind_to(second, address));
}

TEST_CASE("ports: IPv6 takes IPv4's, too, unless it's kept to IPv6") {
  Fd both = tcp(AF_INET6), ipv4 = tcp(AF_INET);
  REQUIRE_OK(bind_to(both, Address::any(AF_INET6)));
  CHECK_FAILS(bind_to(ipv4, Address::any(AF_INET, local_address(both).port())), EADDRINUSE);
  const int on = 1;
  int bound = -1;
  // Connections that are over may hold the port in IPv4 for a while: then another one.
  for (int attempt = 0; attempt < 64 && bound != 0; ++attempt) {
    Fd only = tcp(AF_INET6);
    REQUIRE_OK(setsockopt(only, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on));
    REQUIRE_OK(bind_to(only, Address::any(AF_INET6)));
    bound = bind_to(ipv4, Address::any(AF_INET, local_address(only).port()));
    if (bound != 0) CHECK(errno == EADDRINUSE);
  }
  CHECK(bound == 0);
}

TEST_CASE("ports: IPv4 sees a foreign address before that the socket is bound") {
  Address foreign = Address::loopback(AF_INET);
  reinterpret_cast<sockaddr_in*>(foreign.get())->sin_addr.s_addr = htonl(0xc6336407);  // 198.51.100.7
  Bound stream = bound_tcp(AF_INET), datagram = bound_udp(AF_INET);
  CHECK_FAILS(bind_to(stream.fd, foreign), EADDRNOTAVAIL);
  CHECK_FAILS(bind_to(datagram.fd, foreign), EADDRNOTAVAIL);
  CHECK_FAILS(bind_to(stream.fd, Address::loopback(AF_INET)), EINVAL);
  CHECK_FAILS(bind_to(datagram.fd, Address::any(AF_INET)), EINVAL);
}

TEST_CASE("ports: a link-local address needs its link") {
  Address local = Address::loopback(AF_INET6, 9);
  auto& in6 = *reinterpret_cast<sockaddr_in6*>(local.get());
  in6.sin6_addr = {};
  in6.sin6_addr.s6_addr[0] = 0xfe;
  in6.sin6_addr.s6_addr[1] = 0x80;
  in6.sin6_addr.s6_addr[15] = 1;
  Fd stream = tcp(AF_INET6), datagram = udp(AF_INET6);
  CHECK_FAILS(connect_to(stream, local), EINVAL);
  CHECK_FAILS(connect_to(datagram, local), EINVAL);
  local.set_port(0);
  CHECK_FAILS(bind_to(stream, local), EINVAL);
  CHECK_FAILS(bind_to(datagram, local), EINVAL);
}

FAMILY_CASE("ports: AF_UNSPEC gives up a port that Linux chose, and shows it all the same") {
  Pair p = tcp_pair(family);
  const std::uint16_t before = local_address(p.client).port();
  REQUIRE_OK(dissolve(p.client));
  CHECK(local_address(p.client).is_any());
  CHECK(local_address(p.client).port() == before);
  REQUIRE_OK(bind_to(p.client, Address::loopback(family)));
  CHECK(local_address(p.client).is_loopback());
  CHECK_OK(listen(p.client, 1));
}

FAMILY_CASE("ports: AF_UNSPEC keeps a chosen address and gives up a port that Linux chose") {
  Bound open = listener(family), own = bound_tcp(family);
  REQUIRE_OK(connect_to(own.fd, open.address));
  REQUIRE_OK(dissolve(own.fd));
  CHECK(local_address(own.fd) == own.address);
  CHECK_OK(bind_to(own.fd, Address::any(family)));
  CHECK(local_address(own.fd).is_any());
}

FAMILY_CASE("ports: AF_UNSPEC keeps a port that the program chose") {
  Bound open = listener(family);
  Address chosen = bound_tcp(family).address;
  Fd fd = tcp(family);
  REQUIRE_OK(bind_to(fd, chosen));
  REQUIRE_OK(connect_to(fd, open.address));
  REQUIRE_OK(dissolve(fd));
  CHECK_FAILS(bind_to(fd, Address::any(family)), EINVAL);
  CHECK(local_address(fd) == chosen);
}

FAMILY_CASE("ports: a listener that is shut down listens on another port next") {
  Fd fd = tcp(family);
  REQUIRE_OK(listen(fd, 1));
  const std::uint16_t before = local_address(fd).port();
  REQUIRE_OK(shutdown(fd, SHUT_RD));
  CHECK(local_address(fd).port() == before);
  Fd taker = tcp(family);
  REQUIRE_OK(bind_to(taker, Address::any(family, before)));
  REQUIRE_OK(listen(fd, 1));
  CHECK(local_address(fd).port() != before);
}

FAMILY_CASE("ports: a listener that is shut down can connect") {
  Bound open = listener(family);
  Fd fd = tcp(family);
  REQUIRE_OK(listen(fd, 1));
  REQUIRE_OK(shutdown(fd, SHUT_RDWR));
  REQUIRE_OK(connect_to(fd, open.address));
  CHECK(peer_address(fd) == open.address);
  CHECK(local_address(fd).is_loopback());
  Fd accepted(accept(open.fd, nullptr, nullptr));
  REQUIRE_OK(static_cast<int>(accepted));
  send_all(accepted, "served");
  CHECK(receive(fd, 6) == "served");
}

FAMILY_CASE("ports: a connection that is over can be bound, and nothing else") {
  Pair p = tcp_pair(family);
  REQUIRE_OK(shutdown(p.client, SHUT_WR));
  REQUIRE_OK(shutdown(p.server, SHUT_WR));
  REQUIRE(readable(p.client));
  char byte;
  CHECK_RETURNS(recv(p.client, &byte, 1, 0), 0);
  REQUIRE((wait_for(p.client, POLLIN) & POLLHUP) != 0);
  CHECK_OK(bind_to(p.client, Address::loopback(family)));
  CHECK(local_address(p.client).is_loopback());
  CHECK_FAILS(bind_to(p.client, Address::loopback(family)), EINVAL);
  CHECK_FAILS(listen(p.client, 1), EINVAL);
  CHECK_FAILS(connect_to(p.client, Address::loopback(family, 9)), EISCONN);
}

FAMILY_CASE("ports: after a refusal that was waited for the socket can be bound") {
  Bound closed = bound_tcp(family);
  Fd fd = tcp(family, SOCK_NONBLOCK);
  REQUIRE_FAILS(connect_to(fd, closed.address), EINPROGRESS);
  REQUIRE(writable(fd));
  CHECK_OK(bind_to(fd, Address::loopback(family)));
  CHECK_FAILS(connect_to(fd, closed.address), ECONNREFUSED);
}

FAMILY_CASE("ports: UDP gives up a port that Linux chose when it is dissolved") {
  Bound peer = bound_udp(family);
  Fd fd = udp(family);
  REQUIRE_OK(connect_to(fd, peer.address));
  CHECK(local_address(fd).port() != 0);
  REQUIRE_OK(dissolve(fd));
  CHECK(local_address(fd).port() == 0);
  CHECK(local_address(fd).is_any());
  CHECK_OK(bind_to(fd, Address::loopback(family)));
  CHECK(local_address(fd).is_loopback());
}

FAMILY_CASE("ports: UDP keeps a chosen address when it is dissolved, and takes a new port for the next send") {
  Bound peer = bound_udp(family), own = bound_udp(family);
  REQUIRE_OK(connect_to(own.fd, peer.address));
  REQUIRE_OK(dissolve(own.fd));
  CHECK(local_address(own.fd).is_loopback());
  CHECK(local_address(own.fd).port() == 0);
  CHECK_RETURNS(sendto(own.fd, "x", 1, 0, peer.address.get(), peer.address.length), 1);
  CHECK(local_address(own.fd).port() != 0);
  CHECK(local_address(own.fd).is_loopback());
  Address from;
  char byte;
  CHECK_RETURNS(recvfrom(peer.fd, &byte, 1, 0, from.get(), &from.length), 1);
  CHECK(from == local_address(own.fd));
}

FAMILY_CASE("ports: UDP that was never connected is dissolved, too") {
  Bound own = bound_udp(family);
  REQUIRE_OK(dissolve(own.fd));
  CHECK(local_address(own.fd).port() == 0);
}

FAMILY_CASE("ports: UDP keeps a port that the program chose when it is dissolved") {
  Address chosen = bound_udp(family).address;
  Bound peer = bound_udp(family);
  Fd fd = udp(family);
  REQUIRE_OK(bind_to(fd, chosen));
  REQUIRE_OK(connect_to(fd, peer.address));
  REQUIRE_OK(dissolve(fd));
  CHECK(local_address(fd) == chosen);
  CHECK_FAILS(bind_to(fd, Address::loopback(family)), EINVAL);
}

FAMILY_CASE("ports: UDP keeps what had arrived when it is dissolved") {
  Bound peer = bound_udp(family), own = bound_udp(family);
  REQUIRE_OK(connect_to(own.fd, peer.address));
  REQUIRE_RETURNS(sendto(peer.fd, "kept", 4, 0, own.address.get(), own.address.length), 4);
  REQUIRE(readable(own.fd));
  REQUIRE_OK(dissolve(own.fd));
  char buffer[8];
  CHECK_RETURNS(recv(own.fd, buffer, sizeof buffer, MSG_DONTWAIT), 4);
}

FAMILY_CASE("ports: UDP has one after a send without an address") {
  Fd fd = udp(family);
  CHECK_FAILS(send(fd, "x", 1, 0), EDESTADDRREQ);
  CHECK(local_address(fd).port() != 0);
  CHECK_FAILS(bind_to(fd, Address::loopback(family)), EINVAL);
}

TEST_CASE("ports: UDP has one after a connect that failed") {
  Address broadcast = Address::loopback(AF_INET, 9);
  reinterpret_cast<sockaddr_in*>(broadcast.get())->sin_addr.s_addr = INADDR_BROADCAST;
  Fd fd = udp(AF_INET);
  CHECK_FAILS(connect_to(fd, broadcast), EACCES);
  CHECK(local_address(fd).port() != 0);
}

FAMILY_CASE("ports: UDP can be connected to port 0, which nobody has") {
  Fd fd = udp(family);
  REQUIRE_OK(connect_to(fd, Address::loopback(family)));
  CHECK(local_address(fd).is_loopback());
  CHECK(local_address(fd).port() != 0);
  Address peer;
  CHECK_FAILS(getpeername(fd, peer.get(), &peer.length), ENOTCONN);
  CHECK_RETURNS(send(fd, "x", 1, 0), 1);
}
