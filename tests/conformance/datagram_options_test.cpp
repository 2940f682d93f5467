// Datagrams with options of their own, IPv4's addresses on IPv6 sockets, and what is left of a timeout.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <netinet/udp.h>

#include "message_help.h"

using namespace conformance;

namespace {

/// The result of sending one byte with a control message of an int.
long long send_with(int fd, int level, int type, int value) {
  std::string data = "x";
  Message message({piece(data)});
  alignas(cmsghdr) char room[CMSG_SPACE(sizeof value)] = {};
  message.header.msg_control = room;
  message.header.msg_controllen = sizeof room;
  cmsghdr* header = CMSG_FIRSTHDR(&message.header);
  header->cmsg_len = CMSG_LEN(sizeof value);
  header->cmsg_level = level;
  header->cmsg_type = type;
  std::memcpy(CMSG_DATA(header), &value, sizeof value);
  return sendmsg(fd, &message.header, 0);
}

}  // namespace

TEST_CASE("datagram options: a time to live for one") {
  Pair p = udp_pair(AF_INET);
  CHECK_RETURNS(send_with(p.client, IPPROTO_IP, IP_TTL, 33), 1);
  CHECK_RETURNS(send_with(p.client, IPPROTO_IP, IP_TTL, 255), 1);
  CHECK_FAILS(send_with(p.client, IPPROTO_IP, IP_TTL, 0), EINVAL);
  CHECK_FAILS(send_with(p.client, IPPROTO_IP, IP_TTL, 256), EINVAL);
  CHECK(int_option(p.client, IPPROTO_IP, IP_TTL) == 64);
  CHECK(readable(p.server));
}

TEST_CASE("datagram options: a hop limit for one") {
  Pair p = udp_pair(AF_INET6);
  CHECK_RETURNS(send_with(p.client, IPPROTO_IPV6, IPV6_HOPLIMIT, 9), 1);
  CHECK_RETURNS(send_with(p.client, IPPROTO_IPV6, IPV6_HOPLIMIT, -1), 1);
  CHECK_FAILS(send_with(p.client, IPPROTO_IPV6, IPV6_HOPLIMIT, 256), EINVAL);
  CHECK_FAILS(send_with(p.client, IPPROTO_IPV6, IPV6_HOPLIMIT, -2), EINVAL);
  CHECK(int_option(p.client, IPPROTO_IPV6, IPV6_UNICAST_HOPS) == 64);
}

TEST_CASE("datagram options: a traffic class for one") {
  Pair ipv4 = udp_pair(AF_INET), ipv6 = udp_pair(AF_INET6);
  CHECK_RETURNS(send_with(ipv4.client, IPPROTO_IP, IP_TOS, 8), 1);
  CHECK_FAILS(send_with(ipv4.client, IPPROTO_IP, IP_TOS, 256), EINVAL);
  CHECK_RETURNS(send_with(ipv6.client, IPPROTO_IPV6, IPV6_TCLASS, 8), 1);
  CHECK_FAILS(send_with(ipv6.client, IPPROTO_IPV6, IPV6_TCLASS, 256), EINVAL);
}

FAMILY_CASE("datagram options: one that isn't there") {
  Pair p = udp_pair(family);
  const int own = family == AF_INET ? IPPROTO_IP : IPPROTO_IPV6, other = family == AF_INET ? IPPROTO_IPV6 : IPPROTO_IP;
  CHECK_FAILS(send_with(p.client, own, 9999, 1), EINVAL);
  CHECK_RETURNS(send_with(p.client, other, 9999, 1), 1);
  CHECK_RETURNS(send_with(p.client, 0x123456, 1, 1), 1);
  CHECK_FAILS(send_with(p.client, IPPROTO_UDP, 55, 1), EINVAL);
  CHECK_FAILS(send_with(p.client, SOL_SOCKET, 77, 1), EINVAL);
}

FAMILY_CASE("datagram options: a stream looks only at those of all sockets") {
  Pair p = tcp_pair(family);
  CHECK_RETURNS(send_with(p.client, IPPROTO_IP, 9999, 1), 1);
  CHECK_RETURNS(send_with(p.client, IPPROTO_IPV6, 9999, 1), 1);
  CHECK_RETURNS(send_with(p.client, IPPROTO_TCP, 9999, 1), 1);
  CHECK_FAILS(send_with(p.client, SOL_SOCKET, 77, 1), EINVAL);
}

TEST_CASE("datagram options: a hop limit of 0") {
  Fd stream = tcp(AF_INET6), datagram = udp(AF_INET6);
  for (int fd : {static_cast<int>(stream), static_cast<int>(datagram)}) {
    const int none = 0, usual = -1, one = 1;
    CHECK_OK(setsockopt(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &none, sizeof none));
    CHECK(int_option(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS) == 0);
    CHECK_OK(setsockopt(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &one, sizeof one));
    CHECK(int_option(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS) == 1);
    CHECK_OK(setsockopt(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &usual, sizeof usual));
    CHECK(int_option(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS) == 64);
  }
}

TEST_CASE("datagram options: an IPv6 socket sends to an address of IPv4's form") {
  Bound peer = bound_udp(AF_INET);
  Fd fd = udp(AF_INET6);
  CHECK_RETURNS(sendto(fd, "x", 1, 0, peer.address.get(), peer.address.length), 1);
  CHECK(readable(peer.fd));
}

TEST_CASE("datagram options: an IPv6 socket connects to an address of IPv4's form") {
  Bound peer = bound_udp(AF_INET);
  Fd fd = udp(AF_INET6);
  REQUIRE_OK(connect(fd, peer.address.get(), peer.address.length));
  const Address name = peer_address(fd);
  CHECK(name.family() == AF_INET6);
  CHECK(name.port() == peer.address.port());
  CHECK(IN6_IS_ADDR_V4MAPPED(&reinterpret_cast<const sockaddr_in6*>(name.get())->sin6_addr));
  send_all(fd, "mapped");
  CHECK(readable(peer.fd));
}

TEST_CASE("datagram options: not one that is kept to IPv6") {
  Bound peer = bound_udp(AF_INET);
  Fd fd = udp(AF_INET6);
  const int on = 1;
  REQUIRE_OK(setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on));
  CHECK_FAILS(sendto(fd, "x", 1, 0, peer.address.get(), peer.address.length), ENETUNREACH);
  CHECK_FAILS(connect(fd, peer.address.get(), peer.address.length), EAFNOSUPPORT);
}

TEST_CASE("datagram options: a stream of IPv6 doesn't take IPv4's form") {
  Bound open = listener(AF_INET);
  Fd fd = tcp(AF_INET6);
  CHECK_FAILS(connect(fd, open.address.get(), open.address.length), EINVAL);
  CHECK_FAILS(connect(fd, open.address.get(), size_of(AF_INET6)), EAFNOSUPPORT);
}

FAMILY_CASE("datagram options: recvmmsg tells what is left of its timeout") {
  Pair p = udp_pair(family);
  send_all(p.client, "x");
  std::string data(4, '.');
  Message message({piece(data)});
  mmsghdr list[1] = {{message.header, 0}};
  timespec timeout = {5, 0};
  REQUIRE(readable(p.server));
  CHECK_RETURNS(recvmmsg(p.server, list, 1, 0, &timeout), 1);
  CHECK(timeout.tv_sec == 4);
  CHECK(timeout.tv_nsec > 0);
}

FAMILY_CASE("datagram options: recvmmsg leaves the timeout alone when it fails") {
  Pair p = udp_pair(family);
  std::string data(4, '.');
  Message message({piece(data)});
  mmsghdr list[1] = {{message.header, 0}};
  timespec timeout = {5, 1000};
  CHECK_FAILS(recvmmsg(p.server, list, 1, MSG_DONTWAIT, &timeout), EAGAIN);
  CHECK(timeout.tv_sec == 5);
  CHECK(timeout.tv_nsec == 1000);
}
