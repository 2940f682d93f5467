// IPv6 sockets that take IPv4, too, as Linux has them unless IPV6_V6ONLY is on.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <arpa/inet.h>

#include <vector>

#include "net.h"

using namespace conformance;

namespace {

Address mapped(const char* ipv4, std::uint16_t port) {
  Address address;
  sockaddr_in6 in6{};
  in6.sin6_family = AF_INET6;
  in6.sin6_port = htons(port);
  REQUIRE(inet_pton(AF_INET6, (std::string("::ffff:") + ipv4).c_str(), &in6.sin6_addr) == 1);
  std::memcpy(address.get(), &in6, sizeof in6);
  address.length = sizeof in6;
  return address;
}

std::string text(const Address& address) {
  char buffer[INET6_ADDRSTRLEN] = "";
  if (address.family() == AF_INET6) {
    sockaddr_in6 in6;
    std::memcpy(&in6, address.get(), sizeof in6);
    inet_ntop(AF_INET6, &in6.sin6_addr, buffer, sizeof buffer);
  } else {
    sockaddr_in in4;
    std::memcpy(&in4, address.get(), sizeof in4);
    inet_ntop(AF_INET, &in4.sin_addr, buffer, sizeof buffer);
  }
  return buffer;
}

void set_v6only(int fd, int value) { REQUIRE_OK(setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &value, sizeof value)); }

Bound wildcard(Fd fd) {
  Address any = Address::any(AF_INET6);
  REQUIRE_OK(bind(fd, any.get(), any.length));
  Address local = local_address(fd);
  return {std::move(fd), local};
}

Bound wildcard_listener() {
  Bound bound = wildcard(tcp(AF_INET6));
  REQUIRE_OK(listen(bound.fd, 8));
  return bound;
}

Fd connect_to(const Address& address) {
  Fd fd = tcp(address.family());
  REQUIRE_OK(connect(fd, address.get(), address.length));
  return fd;
}

}  // namespace

TEST_CASE("dual stack: IPV6_V6ONLY is off by default") {
  CHECK(int_option(tcp(AF_INET6), IPPROTO_IPV6, IPV6_V6ONLY) == 0);
  CHECK(int_option(udp(AF_INET6), IPPROTO_IPV6, IPV6_V6ONLY) == 0);
}

TEST_CASE("dual stack: a listener on the wildcard takes IPv4 and shows mapped addresses") {
  Bound l = wildcard_listener();
  CHECK(text(local_address(l.fd)) == "::");
  Fd client = connect_to(Address::loopback(AF_INET, l.address.port()));
  REQUIRE(readable(l.fd));
  Address peer;
  Fd server(accept(l.fd, peer.get(), &peer.length));
  REQUIRE_OK(static_cast<int>(server));
  CHECK(text(peer) == "::ffff:127.0.0.1");
  CHECK(peer.port() == local_address(client).port());
  CHECK(text(local_address(server)) == "::ffff:127.0.0.1");
  CHECK(text(peer_address(server)) == "::ffff:127.0.0.1");
  send_all(client, "hello");
  CHECK(receive(server, 5) == "hello");
}

TEST_CASE("dual stack: the same listener takes IPv6") {
  Bound l = wildcard_listener();
  Fd client = connect_to(Address::loopback(AF_INET6, l.address.port()));
  Fd server(accept(l.fd, nullptr, nullptr));
  REQUIRE_OK(static_cast<int>(server));
  CHECK(text(peer_address(server)) == "::1");
}

TEST_CASE("dual stack: both families are accepted in turns") {
  Bound l = wildcard_listener();
  std::vector<Fd> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(connect_to(Address::loopback(AF_INET, l.address.port())));
    clients.push_back(connect_to(Address::loopback(AF_INET6, l.address.port())));
  }
  int ipv4 = 0, ipv6 = 0;
  for (int i = 0; i < 6; ++i) {
    REQUIRE(readable(l.fd));
    Fd server(accept(l.fd, nullptr, nullptr));
    REQUIRE_OK(static_cast<int>(server));
    ++(text(peer_address(server)) == "::1" ? ipv6 : ipv4);
  }
  CHECK(ipv4 == 3);
  CHECK(ipv6 == 3);
}

TEST_CASE("dual stack: connect to a mapped address goes by IPv4") {
  Bound l = listener(AF_INET);
  Fd client = tcp(AF_INET6);
  Address target = mapped("127.0.0.1", l.address.port());
  REQUIRE_OK(connect(client, target.get(), target.length));
  CHECK(text(local_address(client)) == "::ffff:127.0.0.1");
  CHECK(text(peer_address(client)) == "::ffff:127.0.0.1");
  Address peer;
  Fd server(accept(l.fd, peer.get(), &peer.length));
  REQUIRE_OK(static_cast<int>(server));
  CHECK(text(peer) == "127.0.0.1");
}

TEST_CASE("dual stack: a mapped address can be bound") {
  Fd fd = tcp(AF_INET6);
  Address local = mapped("127.0.0.1", 0);
  REQUIRE_OK(bind(fd, local.get(), local.length));
  REQUIRE_OK(listen(fd, 4));
  CHECK(text(local_address(fd)) == "::ffff:127.0.0.1");
  Fd client = connect_to(Address::loopback(AF_INET, local_address(fd).port()));
  CHECK(readable(fd));
}

TEST_CASE("dual stack: with IPV6_V6ONLY the listener refuses IPv4") {
  Fd fd = tcp(AF_INET6);
  set_v6only(fd, 1);
  Bound l = wildcard(std::move(fd));
  REQUIRE_OK(listen(l.fd, 4));
  Fd client = tcp(AF_INET);
  Address target = Address::loopback(AF_INET, l.address.port());
  CHECK_FAILS(connect(client, target.get(), target.length), ECONNREFUSED);
}

TEST_CASE("dual stack: with IPV6_V6ONLY a mapped address is unreachable and can't be bound") {
  Bound l = listener(AF_INET);
  Fd fd = tcp(AF_INET6);
  set_v6only(fd, 1);
  Address target = mapped("127.0.0.1", l.address.port());
  CHECK_FAILS(connect(fd, target.get(), target.length), ENETUNREACH);
  Fd other = tcp(AF_INET6);
  set_v6only(other, 1);
  Address local = mapped("127.0.0.1", 0);
  CHECK_FAILS(bind(other, local.get(), local.length), EINVAL);
}

TEST_CASE("dual stack: a port that IPv4 has already is in use for the wildcard") {
  Fd ipv4 = tcp(AF_INET);
  Address any = Address::any(AF_INET);
  REQUIRE_OK(bind(ipv4, any.get(), any.length));
  REQUIRE_OK(listen(ipv4, 4));
  Fd ipv6 = tcp(AF_INET6);
  Address both = Address::any(AF_INET6, local_address(ipv4).port());
  CHECK_FAILS(bind(ipv6, both.get(), both.length), EADDRINUSE);
  set_v6only(ipv6, 1);
  CHECK_OK(bind(ipv6, both.get(), both.length));
}

TEST_CASE("dual stack: closing the listener frees the port in both families") {
  std::uint16_t port;
  {
    Bound l = wildcard_listener();
    port = l.address.port();
  }
  for (int family : {AF_INET, AF_INET6}) {
    Fd client = tcp(family);
    Address target = Address::loopback(family, port);
    CHECK_FAILS(connect(client, target.get(), target.length), ECONNREFUSED);
  }
}

TEST_CASE("dual stack: a datagram socket on the wildcard takes both and answers both") {
  Bound u = wildcard(udp(AF_INET6));
  for (int family : {AF_INET, AF_INET6}) {
    Bound other = bound_udp(family);
    Address target = Address::loopback(family, u.address.port());
    CHECK_RETURNS(sendto(other.fd, "ask", 3, 0, target.get(), target.length), 3);
    REQUIRE(readable(u.fd));
    char buffer[8];
    Address from;
    CHECK_RETURNS(recvfrom(u.fd, buffer, sizeof buffer, 0, from.get(), &from.length), 3);
    CHECK(text(from) == (family == AF_INET ? "::ffff:127.0.0.1" : "::1"));
    CHECK(from.port() == other.address.port());
    CHECK_RETURNS(sendto(u.fd, "tell", 4, 0, from.get(), from.length), 4);
    CHECK_RETURNS(recv(other.fd, buffer, sizeof buffer, 0), 4);
  }
}

TEST_CASE("dual stack: a datagram socket connects to a mapped address") {
  Bound other = bound_udp(AF_INET);
  Fd fd = udp(AF_INET6);
  Address target = mapped("127.0.0.1", other.address.port());
  REQUIRE_OK(connect(fd, target.get(), target.length));
  CHECK(text(local_address(fd)) == "::ffff:127.0.0.1");
  CHECK(text(peer_address(fd)) == "::ffff:127.0.0.1");
  CHECK_RETURNS(send(fd, "one", 3, 0), 3);
  char buffer[8];
  Address from;
  CHECK_RETURNS(recvfrom(other.fd, buffer, sizeof buffer, 0, from.get(), &from.length), 3);
  CHECK_RETURNS(sendto(other.fd, "two", 3, 0, from.get(), from.length), 3);
  CHECK_RETURNS(recv(fd, buffer, sizeof buffer, 0), 3);
}

TEST_CASE("dual stack: a mapped destination needs IPV6_V6ONLY off, for datagrams too") {
  Bound other = bound_udp(AF_INET);
  Fd fd = udp(AF_INET6);
  set_v6only(fd, 1);
  Address target = mapped("127.0.0.1", other.address.port());
  CHECK_FAILS(sendto(fd, "x", 1, 0, target.get(), target.length), ENETUNREACH);
  CHECK_FAILS(connect(fd, target.get(), target.length), ENETUNREACH);
}
