// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// struct sockaddr in and out, with every length that a program can give.
#include "support/address.h"

#include "scene.h"

using posix_sockets::Family;
using posix_sockets::from_sockaddr;
using posix_sockets::SocketAddress;
using posix_sockets::to_sockaddr;

TEST_CASE("address: IPv4 and IPv6 survive the way there and back") {
  const sockaddr_in in4 = to("192.0.2.7", 4711);
  const auto four = from_sockaddr(any(in4), sizeof in4, Family::ipv4);
  REQUIRE(four.ok());
  CHECK(four.value().port == 4711);
  sockaddr_in back4 = {};
  socklen_t length = sizeof back4;
  CHECK(to_sockaddr(four.value(), any(back4), &length).ok());
  CHECK(std::memcmp(&in4, &back4, sizeof in4) == 0);

  sockaddr_in6 in6 = to6("2001:db8::5", 4712);
  in6.sin6_scope_id = 3;
  in6.sin6_flowinfo = 5;
  const auto six = from_sockaddr(any(in6), sizeof in6, Family::ipv6);
  REQUIRE(six.ok());
  sockaddr_in6 back6 = {};
  length = sizeof back6;
  CHECK(to_sockaddr(six.value(), reinterpret_cast<sockaddr*>(&back6), &length).ok());
  CHECK(std::memcmp(&in6, &back6, sizeof in6) == 0);
}

TEST_CASE("address: lengths that aren't an address's") {
  const sockaddr_in in4 = to("127.0.0.1", 1);
  const sockaddr_in6 in6 = to6("::1", 1);
  for (const socklen_t length : {0u, 1u, 2u, 8u, 15u, 129u, UINT32_MAX})
    CHECK(from_sockaddr(any(in4), length, Family::ipv4).error() == EINVAL);
  CHECK(from_sockaddr(any(in4), 16, Family::ipv4).ok());
  for (const socklen_t length : {0u, 1u, 2u, 16u, 23u})
    CHECK(from_sockaddr(any(in6), length, Family::ipv6).error() == EINVAL);
  for (const socklen_t length : {24u, 28u}) CHECK(from_sockaddr(any(in6), length, Family::ipv6).ok());
  CHECK(from_sockaddr(nullptr, 16, Family::ipv4).error() == EFAULT);
  CHECK(from_sockaddr(any(in6), 28, Family::ipv4).error() == EAFNOSUPPORT);
}

TEST_CASE("address: a short buffer gets a part, and the whole length") {
  const SocketAddress address = fake::ipv4("127.0.0.1", 80);
  for (const socklen_t room : {0u, 1u, 4u, 15u, 16u, 100u}) {
    char buffer[101];
    std::memset(buffer, '#', sizeof buffer);
    socklen_t length = room;
    REQUIRE(to_sockaddr(address, reinterpret_cast<sockaddr*>(buffer), &length).ok());
    CHECK(length == sizeof(sockaddr_in));
    CHECK(buffer[std::min<socklen_t>(room, sizeof(sockaddr_in))] == '#');
  }
  socklen_t negative = UINT32_MAX;
  sockaddr_in out;
  CHECK(to_sockaddr(address, any(out), &negative) == EINVAL);
  CHECK(to_sockaddr(address, any(out), nullptr) == EFAULT);
  CHECK(to_sockaddr(address, nullptr, nullptr).ok());
}

TEST_CASE("address: kinds of addresses") {
  CHECK(fake::ipv4("0.0.0.0", 1).is_unspecified());
  CHECK(fake::ipv6("::", 1).is_unspecified());
  CHECK(fake::ipv4("127.9.9.9", 1).is_loopback());
  CHECK(fake::ipv6("::1", 1).is_loopback());
  CHECK_FALSE(fake::ipv6("::2", 1).is_loopback());
  CHECK(fake::ipv4("224.0.0.1", 1).is_multicast());
  CHECK(fake::ipv4("239.255.255.255", 1).is_multicast());
  CHECK_FALSE(fake::ipv4("240.0.0.1", 1).is_multicast());
  CHECK(fake::ipv6("ff02::1", 1).is_multicast());
  CHECK(fake::ipv4("255.255.255.255", 1).is_ipv4_broadcast());
  CHECK_FALSE(fake::ipv4("255.255.255.254", 1).is_ipv4_broadcast());
  CHECK(fake::ipv6("::ffff:1.2.3.4", 1).is_ipv4_mapped());
  CHECK_FALSE(fake::ipv6("::1.2.3.4", 1).is_ipv4_mapped());
}
