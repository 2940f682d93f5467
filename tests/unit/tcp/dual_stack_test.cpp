// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// IPv6 sockets that take IPv4, too: two host sockets behind one descriptor, whatever the host has or refuses.
#include "scene.h"
#include "tcp.h"

namespace {

int listener6(uint16_t port, int flags = 0) {
  const int number = guest::socket(AF_INET6, SOCK_STREAM | flags, 0);
  const sockaddr_in6 local = to6("::", port);
  REQUIRE(guest::bind(number, any(local), sizeof local) == 0);
  REQUIRE(guest::listen(number, 5) == 0);
  return number;
}

uint16_t port_of(int number) {
  sockaddr_in6 name = {};
  socklen_t length = sizeof name;
  REQUIRE(guest::getsockname(number, reinterpret_cast<sockaddr*>(&name), &length) == 0);
  return ntohs(name.sin6_port);
}

std::vector<fake::TcpSocket*> listeners() {
  std::vector<fake::TcpSocket*> found;
  for (fake::TcpSocket* socket : fake::tcp_sockets())
    if (socket->state == fake::TcpState::listening) found.push_back(socket);
  return found;
}

}  // namespace

TEST_CASE("dual stack: a listener on the wildcard takes clients of both families") {
  Scene scene;
  const int number = listener6(5000, SOCK_NONBLOCK);
  const auto found = listeners();
  REQUIRE(found.size() == 2);
  CHECK(found[0]->local.port == found[1]->local.port);
  CHECK(found[0]->family != found[1]->family);
  for (fake::TcpSocket* one : found) {
    CHECK(polled(number, POLLIN) == 0);
    const Peer peer = host().connects_to(*one);
    CHECK(polled(number, POLLIN) == POLLIN);
    sockaddr_in6 name = {};
    socklen_t length = sizeof name;
    const int accepted = guest::accept(number, reinterpret_cast<sockaddr*>(&name), &length);
    REQUIRE(accepted >= 0);
    CHECK(name.sin6_family == AF_INET6);
    CHECK(IN6_IS_ADDR_V4MAPPED(&name.sin6_addr) == (one->family == posix_sockets::Family::ipv4));
    CHECK_THAT(guest::send(accepted, "hi", 2, 0), Returns(2));
    CHECK(peer->received() == "hi");
  }
}

TEST_CASE("dual stack: neither family starves the other") {
  Scene scene;
  const int number = listener6(5000, SOCK_NONBLOCK);
  const auto found = listeners();
  REQUIRE(found.size() == 2);
  for (int i = 0; i < 6; ++i)
    for (fake::TcpSocket* one : found) host().connects_to(*one);
  int of_ipv4 = 0;
  for (int i = 0; i < 6; ++i) {
    sockaddr_in6 name = {};
    socklen_t length = sizeof name;
    REQUIRE(guest::accept(number, reinterpret_cast<sockaddr*>(&name), &length) >= 0);
    of_ipv4 += IN6_IS_ADDR_V4MAPPED(&name.sin6_addr) ? 1 : 0;
  }
  CHECK(of_ipv4 >= 2);
  CHECK(of_ipv4 <= 4);
}

TEST_CASE("dual stack: IPV6_V6ONLY is one socket") {
  Scene scene;
  const int number = guest::socket(AF_INET6, SOCK_STREAM, 0);
  REQUIRE(set_option(number, IPPROTO_IPV6, IPV6_V6ONLY, 1) == 0);
  const sockaddr_in6 local = to6("::", 5000);
  REQUIRE(guest::bind(number, any(local), sizeof local) == 0);
  REQUIRE(guest::listen(number, 5) == 0);
  CHECK(fake::tcp_sockets().size() == 1);
  const int other = tcp();
  CHECK_THAT(bind_to(other, "0.0.0.0", 5000), Returns(0));
}

TEST_CASE("dual stack: a port that is taken in the other family") {
  Scene scene;
  const int other = tcp();
  REQUIRE(bind_to(other, "0.0.0.0", 5000) == 0);
  const int number = guest::socket(AF_INET6, SOCK_STREAM, 0);
  const sockaddr_in6 taken = to6("::", 5000);
  CHECK_THAT(guest::bind(number, any(taken), sizeof taken), Fails(EADDRINUSE));
  const sockaddr_in6 free = to6("::", 5001);
  CHECK_THAT(guest::bind(number, any(free), sizeof free), Returns(0));
  CHECK(port_of(number) == 5001);
}

TEST_CASE("dual stack: port 0 finds one that is free in both families") {
  Scene scene;
  host().fails("tcp-socket.start-bind", ErrorCode::address_in_use, 1);  // the companion's first
  const int number = listener6(0);
  CHECK(port_of(number) != 0);
  CHECK(listeners().size() == 2);
}

TEST_CASE("dual stack: a host without IPv4 sockets serves IPv6 alone") {
  Scene scene;
  host().fails("create-tcp-socket", ErrorCode::not_supported, 1);
  const int number = listener6(5000);
  CHECK(listeners().size() == 1);
  CHECK_THAT(guest::close(number), Returns(0));
}

TEST_CASE("dual stack: connecting to a mapped address uses IPv4") {
  Scene scene;
  const int number = guest::socket(AF_INET6, SOCK_STREAM, 0);
  const sockaddr_in6 mapped = to6("::ffff:127.0.0.1", 80);
  const Peer peer = host().will_connect();
  CHECK_THAT(guest::connect(number, any(mapped), sizeof mapped), Returns(0));
  CHECK(peer->peer == fake::ipv4("127.0.0.1", 80));
  CHECK(fake::live_handles(fake::Kind::tcp_socket) == 1);
  sockaddr_in6 name = {};
  socklen_t length = sizeof name;
  REQUIRE(guest::getpeername(number, reinterpret_cast<sockaddr*>(&name), &length) == 0);
  CHECK(IN6_IS_ADDR_V4MAPPED(&name.sin6_addr));
}

TEST_CASE("dual stack: a failed mapped connect doesn't keep the descriptor from IPv6") {
  Scene scene;
  const int number = guest::socket(AF_INET6, SOCK_STREAM, 0);
  const sockaddr_in6 mapped = to6("::ffff:127.0.0.1", 80);
  host().will_fail_to_connect(ErrorCode::connection_refused);
  CHECK_THAT(guest::connect(number, any(mapped), sizeof mapped), Fails(ECONNREFUSED));
  const sockaddr_in6 plain = to6("::1", 80);
  const Peer peer = host().will_connect();
  CHECK_THAT(guest::connect(number, any(plain), sizeof plain), Returns(0));
  CHECK(peer->peer.family == posix_sockets::Family::ipv6);
}

TEST_CASE("dual stack: datagrams of both families arrive at one descriptor") {
  Scene scene;
  const int number = guest::socket(AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK, 0);
  const sockaddr_in6 local = to6("::", 5000);
  REQUIRE(guest::bind(number, any(local), sizeof local) == 0);
  int sides = 0;
  host().each_udp([&](fake::Datagrams& side) {
    ++sides;
    const bool four = side.local.family == posix_sockets::Family::ipv4;
    side.arrives("x", four ? fake::ipv4("127.0.0.1", 9) : fake::ipv6("::1", 9));
  });
  REQUIRE(sides == 2);
  int mapped = 0;
  for (int i = 0; i < 2; ++i) {
    CHECK(polled(number, POLLIN) == POLLIN);
    sockaddr_in6 from = {};
    socklen_t length = sizeof from;
    char buffer[10];
    CHECK_THAT(guest::recvfrom(number, buffer, sizeof buffer, 0, reinterpret_cast<sockaddr*>(&from), &length),
               Returns(1));
    mapped += IN6_IS_ADDR_V4MAPPED(&from.sin6_addr) ? 1 : 0;
  }
  CHECK(mapped == 1);
  CHECK(received(number, 10) == "[EAGAIN]");
  guest::close(number);
  CHECK(fake::live_handles() == 0);
}
