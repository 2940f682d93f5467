// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// UDP: what becomes of a socket's port, peer and families when it is connected, connected anew, and disconnected.
#include "scene.h"

using posix_sockets::Family;

namespace {

uint16_t port_of(int number) {
  sockaddr_in6 name = {};
  socklen_t length = sizeof name;
  REQUIRE(guest::getsockname(number, reinterpret_cast<sockaddr*>(&name), &length) == 0);
  return ntohs(name.sin6_port);
}

void disconnect(int number) {
  const sockaddr_in nobody = {.sin_family = AF_UNSPEC};
  REQUIRE(guest::connect(number, any(nobody), sizeof nobody) == 0);
}

int both_families(uint16_t port, int flags = SOCK_NONBLOCK) {
  const int number = guest::socket(AF_INET6, SOCK_DGRAM | flags, 0);
  const sockaddr_in6 local = to6("::", port);
  REQUIRE(guest::bind(number, any(local), sizeof local) == 0);
  return number;
}

fake::Datagrams& side_of(Family family) {
  fake::Datagrams* found = nullptr;
  host().each_udp([&](fake::Datagrams& side) {
    if (side.local.family == family) found = &side;
  });
  REQUIRE(found != nullptr);
  return *found;
}

int connect6(int number, const char* address, uint16_t port = 9) {
  const sockaddr_in6 remote = to6(address, port);
  return guest::connect(number, any(remote), sizeof remote);
}

}  // namespace

TEST_CASE("udp connect: a port that the host chose is given up with the peer, the program's own stays") {
  Scene scene;
  const int chosen = udp();
  REQUIRE(connect_to(chosen, "127.0.0.1", 9) == 0);
  CHECK(port_of(chosen) != 0);
  disconnect(chosen);
  CHECK(port_of(chosen) == 0);
  CHECK_THAT(guest::send(chosen, "x", 1, 0), Fails(EDESTADDRREQ));
  CHECK(port_of(chosen) != 0);
  auto [own, side] = bound_udp(5000);
  REQUIRE(connect_to(own, "127.0.0.1", 9) == 0);
  disconnect(own);
  CHECK(port_of(own) == 5000);
}

TEST_CASE("udp connect: what has arrived when the port is given up stays readable") {
  Scene scene;
  const int number = udp();
  REQUIRE(connect_to(number, "127.0.0.1", 9) == 0);
  const UdpSide side = host().udp(port_of(number));
  side->arrives("one", fake::ipv4("127.0.0.1", 9));
  side->arrives("two", fake::ipv4("127.0.0.1", 9));
  disconnect(number);
  CHECK(received(number, 10) == "one");
  CHECK(received(number, 10) == "two");
  CHECK(received(number, 10, MSG_DONTWAIT) == "[EAGAIN]");
}

TEST_CASE("udp connect: sending elsewhere keeps the port that the host chose") {
  Scene scene;
  const int number = udp();
  REQUIRE(connect_to(number, "127.0.0.1", 9) == 0);
  const uint16_t port = port_of(number);
  const sockaddr_in elsewhere = to("127.0.0.1", 10);
  CHECK_THAT(guest::sendto(number, "x", 1, 0, any(elsewhere), sizeof elsewhere), Returns(1));
  CHECK(port_of(number) == port);
  CHECK_THAT(guest::send(number, "y", 1, 0), Returns(1));
  const UdpSide side = host().udp(port);
  REQUIRE(side->sent.size() == 2);
  CHECK(side->sent[0].address.port == 10);
  CHECK(side->sent[1].address.port == 9);
}

TEST_CASE("udp connect: to port 0 refuses what is sent, and has no peer's name") {
  Scene scene;
  auto [number, side] = bound_udp(5000);
  REQUIRE(connect_to(number, "127.0.0.1", 0) == 0);
  sockaddr_in name = {};
  socklen_t length = sizeof name;
  CHECK_THAT(guest::getpeername(number, any(name), &length), Fails(ENOTCONN));
  CHECK_THAT(guest::send(number, "x", 1, 0), Returns(1));
  CHECK(get_option(number, SOL_SOCKET, SO_ERROR) == ECONNREFUSED);
  mmsghdr messages[2] = {};
  iovec piece = {const_cast<char*>("x"), 1};
  for (mmsghdr& message : messages) message.msg_hdr = {.msg_iov = &piece, .msg_iovlen = 1};
  CHECK_THAT(guest::sendmmsg(number, messages, 2, 0), Returns(1));
  CHECK(get_option(number, SOL_SOCKET, SO_ERROR) == 0);
  CHECK(side->sent.empty());
}

TEST_CASE("udp connect: with a peer of one family nothing comes by the other, until the peer is gone") {
  Scene scene;
  const int number = both_families(5000);
  const auto [peer, other] = GENERATE(std::pair{"::ffff:127.0.0.1", Family::ipv6}, std::pair{"::1", Family::ipv4});
  REQUIRE(connect6(number, peer) == 0);
  side_of(other).arrives("late", other == Family::ipv4 ? fake::ipv4("127.0.0.1", 9) : fake::ipv6("::1", 9));
  CHECK(polled(number, POLLIN) == 0);
  CHECK(received(number, 10) == "[EAGAIN]");
  disconnect(number);
  side_of(other).arrives("again", other == Family::ipv4 ? fake::ipv4("127.0.0.1", 9) : fake::ipv6("::1", 9));
  CHECK(polled(number, POLLIN) == POLLIN);
}

TEST_CASE("udp connect: one that the host refuses leaves peer and families as they were") {
  Scene scene;
  const int number = both_families(5000);
  REQUIRE(connect6(number, "::1") == 0);
  SECTION("to the other family") {
    host().fails("udp-socket.stream", ErrorCode::remote_unreachable);
    CHECK_THAT(connect6(number, "::ffff:127.0.0.1"), Fails(ENETUNREACH));
    side_of(Family::ipv4).arrives("x", fake::ipv4("127.0.0.1", 9));
    CHECK(received(number, 10) == "[EAGAIN]");
  }
  SECTION("to the same family") {
    host().fails("udp-socket.stream", ErrorCode::remote_unreachable);
    CHECK_THAT(connect6(number, "::1", 10), Fails(ENETUNREACH));
  }
  CHECK_THAT(guest::send(number, "x", 1, 0), Returns(1));
  CHECK(side_of(Family::ipv6).sent.back().address.port == 9);
}

TEST_CASE("udp connect: a socket that is bound to IPv4 by a mapped address reaches no IPv6") {
  Scene scene;
  const int number = guest::socket(AF_INET6, SOCK_DGRAM, 0);
  const sockaddr_in6 local = to6("::ffff:127.0.0.1", 5000);
  REQUIRE(guest::bind(number, any(local), sizeof local) == 0);
  CHECK_THAT(connect6(number, "::1"), Fails(EAFNOSUPPORT));
  CHECK_THAT(connect6(number, "::ffff:127.0.0.1"), Returns(0));
  CHECK_THAT(guest::send(number, "x", 1, 0), Returns(1));
  CHECK(side_of(Family::ipv4).sent.size() == 1);
}
