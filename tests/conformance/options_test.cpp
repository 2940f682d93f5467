// getsockopt() and setsockopt(): the common options.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <netinet/tcp.h>

#include "net.h"

using namespace conformance;

namespace {

void set_int(int fd, int level, int name, int value) { REQUIRE_OK(setsockopt(fd, level, name, &value, sizeof value)); }

}  // namespace

FAMILY_CASE("options: SO_TYPE, SO_DOMAIN and SO_PROTOCOL can't be set") {
  Fd fd = tcp(family);
  int value = 1;
  CHECK_FAILS(setsockopt(fd, SOL_SOCKET, SO_TYPE, &value, sizeof value), ENOPROTOOPT);
  CHECK_FAILS(setsockopt(fd, SOL_SOCKET, SO_DOMAIN, &value, sizeof value), ENOPROTOOPT);
  CHECK_FAILS(setsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &value, sizeof value), ENOPROTOOPT);
  CHECK_FAILS(setsockopt(fd, SOL_SOCKET, SO_ERROR, &value, sizeof value), ENOPROTOOPT);
  CHECK_FAILS(setsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &value, sizeof value), ENOPROTOOPT);
}

FAMILY_CASE("options: SO_ERROR of a fresh socket is 0") {
  Fd t = tcp(family), u = udp(family);
  CHECK(int_option(t, SOL_SOCKET, SO_ERROR) == 0);
  CHECK(int_option(u, SOL_SOCKET, SO_ERROR) == 0);
}

FAMILY_CASE("options: SO_REUSEADDR is read back as set") {
  Fd fd = tcp(family);
  CHECK(int_option(fd, SOL_SOCKET, SO_REUSEADDR) == 0);
  set_int(fd, SOL_SOCKET, SO_REUSEADDR, 5);
  CHECK(int_option(fd, SOL_SOCKET, SO_REUSEADDR) == 1);
  set_int(fd, SOL_SOCKET, SO_REUSEADDR, 0);
  CHECK(int_option(fd, SOL_SOCKET, SO_REUSEADDR) == 0);
}

FAMILY_CASE("options: the path MTU is followed where it's known, and needn't be") {
  const bool ipv4 = family == AF_INET;
  const int level = ipv4 ? IPPROTO_IP : IPPROTO_IPV6;
  const int name = ipv4 ? IP_MTU_DISCOVER : IPV6_MTU_DISCOVER;
  for (bool stream : {false, true}) {
    Fd fd = stream ? tcp(family) : udp(family);
    CHECK(int_option(fd, level, name) == IP_PMTUDISC_WANT);
    set_int(fd, level, name, IP_PMTUDISC_DONT);
    CHECK(int_option(fd, level, name) == IP_PMTUDISC_DONT);
    int value = IP_PMTUDISC_OMIT + 1;
    CHECK_FAILS(setsockopt(fd, level, name, &value, sizeof value), EINVAL);
    CHECK(int_option(fd, level, name) == IP_PMTUDISC_DONT);
  }
}

FAMILY_CASE("options: SO_KEEPALIVE is a boolean") {
  Fd fd = tcp(family);
  CHECK(int_option(fd, SOL_SOCKET, SO_KEEPALIVE) == 0);
  set_int(fd, SOL_SOCKET, SO_KEEPALIVE, -3);
  CHECK(int_option(fd, SOL_SOCKET, SO_KEEPALIVE) == 1);
  set_int(fd, SOL_SOCKET, SO_KEEPALIVE, 0);
  CHECK(int_option(fd, SOL_SOCKET, SO_KEEPALIVE) == 0);
}

FAMILY_CASE("options: SO_KEEPALIVE of a connected socket") {
  Pair p = tcp_pair(family);
  set_int(p.client, SOL_SOCKET, SO_KEEPALIVE, 1);
  CHECK(int_option(p.client, SOL_SOCKET, SO_KEEPALIVE) == 1);
  CHECK(int_option(p.server, SOL_SOCKET, SO_KEEPALIVE) == 0);
}

FAMILY_CASE("options: the keep-alive times") {
  Fd fd = tcp(family);
  set_int(fd, IPPROTO_TCP, TCP_KEEPIDLE, 77);
  set_int(fd, IPPROTO_TCP, TCP_KEEPINTVL, 7);
  set_int(fd, IPPROTO_TCP, TCP_KEEPCNT, 5);
  CHECK(int_option(fd, IPPROTO_TCP, TCP_KEEPIDLE) == 77);
  CHECK(int_option(fd, IPPROTO_TCP, TCP_KEEPINTVL) == 7);
  CHECK(int_option(fd, IPPROTO_TCP, TCP_KEEPCNT) == 5);
}

FAMILY_CASE("options: keep-alive times out of range give EINVAL") {
  Fd fd = tcp(family);
  for (int name : {TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT}) {
    int bad = 0;
    CHECK_FAILS(setsockopt(fd, IPPROTO_TCP, name, &bad, sizeof bad), EINVAL);
    bad = -1;
    CHECK_FAILS(setsockopt(fd, IPPROTO_TCP, name, &bad, sizeof bad), EINVAL);
    bad = 1000000;
    CHECK_FAILS(setsockopt(fd, IPPROTO_TCP, name, &bad, sizeof bad), EINVAL);
  }
}

FAMILY_CASE("options: TCP_NODELAY is read back as set") {
  Fd fd = tcp(family);
  CHECK(int_option(fd, IPPROTO_TCP, TCP_NODELAY) == 0);
  set_int(fd, IPPROTO_TCP, TCP_NODELAY, 42);
  CHECK(int_option(fd, IPPROTO_TCP, TCP_NODELAY) == 1);
  set_int(fd, IPPROTO_TCP, TCP_NODELAY, 0);
  CHECK(int_option(fd, IPPROTO_TCP, TCP_NODELAY) == 0);
}

FAMILY_CASE("options: the buffer sizes can be read and set") {
  for (int name : {SO_RCVBUF, SO_SNDBUF}) {
    Fd t = tcp(family), u = udp(family);
    CHECK(int_option(t, SOL_SOCKET, name) > 0);
    set_int(t, SOL_SOCKET, name, 20000);
    CHECK(int_option(t, SOL_SOCKET, name) >= 20000);
    CHECK(int_option(u, SOL_SOCKET, name) > 0);
    set_int(u, SOL_SOCKET, name, 20000);
    CHECK(int_option(u, SOL_SOCKET, name) >= 20000);
  }
}

FAMILY_CASE("options: any buffer size is accepted and held to the limits") {
  Fd fd = tcp(family);
  for (int size : {0, 1, 0x7fffffff}) {
    set_int(fd, SOL_SOCKET, SO_RCVBUF, size);
    CHECK(int_option(fd, SOL_SOCKET, SO_RCVBUF) > 0);
    set_int(fd, SOL_SOCKET, SO_SNDBUF, size);
    CHECK(int_option(fd, SOL_SOCKET, SO_SNDBUF) > 0);
  }
}

TEST_CASE("options: IP_TTL") {
  Fd t = tcp(AF_INET), u = udp(AF_INET);
  CHECK(int_option(t, IPPROTO_IP, IP_TTL) == 64);
  set_int(t, IPPROTO_IP, IP_TTL, 99);
  CHECK(int_option(t, IPPROTO_IP, IP_TTL) == 99);
  set_int(u, IPPROTO_IP, IP_TTL, 5);
  CHECK(int_option(u, IPPROTO_IP, IP_TTL) == 5);
  set_int(u, IPPROTO_IP, IP_TTL, -1);  // back to the default
  CHECK(int_option(u, IPPROTO_IP, IP_TTL) == 64);
}

TEST_CASE("options: IP_TTL out of range gives EINVAL") {
  Fd fd = tcp(AF_INET);
  for (int bad : {0, 256, -2}) CHECK_FAILS(setsockopt(fd, IPPROTO_IP, IP_TTL, &bad, sizeof bad), EINVAL);
  CHECK(int_option(fd, IPPROTO_IP, IP_TTL) == 64);
}

TEST_CASE("options: IPV6_UNICAST_HOPS") {
  Fd t = tcp(AF_INET6), u = udp(AF_INET6);
  CHECK(int_option(t, IPPROTO_IPV6, IPV6_UNICAST_HOPS) == 64);
  set_int(t, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 77);
  CHECK(int_option(t, IPPROTO_IPV6, IPV6_UNICAST_HOPS) == 77);
  set_int(u, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 3);
  CHECK(int_option(u, IPPROTO_IPV6, IPV6_UNICAST_HOPS) == 3);
  int bad = 256;
  CHECK_FAILS(setsockopt(u, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &bad, sizeof bad), EINVAL);
}

TEST_CASE("options: IPV6 options on an IPv4 socket give ENOPROTOOPT") {
  Fd fd = tcp(AF_INET);
  int value = 1;
  socklen_t length = sizeof value;
  CHECK_FAILS(setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &value, sizeof value), ENOPROTOOPT);
  CHECK_FAILS(getsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &value, &length), EOPNOTSUPP);
}

TEST_CASE("options: IPV6_V6ONLY can be set before the bind only") {
  Fd fd = tcp(AF_INET6);
  set_int(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
  CHECK(int_option(fd, IPPROTO_IPV6, IPV6_V6ONLY) == 1);
  Address a = Address::loopback(AF_INET6);
  REQUIRE_OK(bind(fd, a.get(), a.length));
  int off = 0;
  CHECK_FAILS(setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off), EINVAL);
}

FAMILY_CASE("options: SO_LINGER is read back as set") {
  Fd fd = tcp(family);
  linger value{};
  socklen_t length = sizeof value;
  REQUIRE_OK(getsockopt(fd, SOL_SOCKET, SO_LINGER, &value, &length));
  CHECK(value.l_onoff == 0);
  value.l_onoff = 1;
  value.l_linger = 3;
  REQUIRE_OK(setsockopt(fd, SOL_SOCKET, SO_LINGER, &value, sizeof value));
  value = {};
  REQUIRE_OK(getsockopt(fd, SOL_SOCKET, SO_LINGER, &value, &length));
  CHECK(length == sizeof value);
  CHECK(value.l_onoff == 1);
  CHECK(value.l_linger == 3);
}

FAMILY_CASE("options: SO_BROADCAST of a UDP socket is read back as set") {
  Fd fd = udp(family);
  CHECK(int_option(fd, SOL_SOCKET, SO_BROADCAST) == 0);
  set_int(fd, SOL_SOCKET, SO_BROADCAST, 1);
  CHECK(int_option(fd, SOL_SOCKET, SO_BROADCAST) == 1);
}
