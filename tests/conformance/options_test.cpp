// getsockopt() and setsockopt(): the common options and the rules of lengths.
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

FAMILY_CASE("options: an unknown name gives ENOPROTOOPT") {
  Fd t = tcp(family), u = udp(family);
  int value = 1;
  socklen_t length = sizeof value;
  for (int level : {SOL_SOCKET, int(IPPROTO_TCP)}) {
    CHECK_FAILS(setsockopt(t, level, 9999, &value, sizeof value), ENOPROTOOPT);
    CHECK_FAILS(getsockopt(t, level, 9999, &value, &length), ENOPROTOOPT);
  }
  CHECK_FAILS(setsockopt(u, SOL_SOCKET, 9999, &value, sizeof value), ENOPROTOOPT);
  CHECK_FAILS(getsockopt(u, SOL_SOCKET, 9999, &value, &length), ENOPROTOOPT);
}

FAMILY_CASE("options: TCP options of a UDP socket are refused") {
  Fd fd = udp(family);
  int value = 1;
  socklen_t length = sizeof value;
  CHECK_FAILS(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &value, sizeof value), ENOPROTOOPT);
  CHECK_FAILS(getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &value, &length), family == AF_INET ? EOPNOTSUPP : ENOPROTOOPT);
}

FAMILY_CASE("options: an unknown level is refused") {
  Fd fd = tcp(family);
  int value = 1;
  socklen_t length = sizeof value;
  CHECK_FAILS(setsockopt(fd, 200, 1, &value, sizeof value), ENOPROTOOPT);
  CHECK_FAILS(getsockopt(fd, 200, 1, &value, &length), family == AF_INET ? EOPNOTSUPP : ENOPROTOOPT);
}

FAMILY_CASE("options: setting with a short length gives EINVAL") {
  Fd fd = tcp(family);
  int value = 1;
  for (socklen_t length : {0u, 1u, 3u}) {
    CHECK_FAILS(setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &value, length), EINVAL);
    CHECK_FAILS(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &value, length), EINVAL);
    CHECK_FAILS(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &value, length), EINVAL);
  }
  CHECK_FAILS(setsockopt(fd, SOL_SOCKET, SO_LINGER, &value, sizeof value), EINVAL);
  CHECK_FAILS(setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &value, static_cast<socklen_t>(-1)), EINVAL);
}

FAMILY_CASE("options: setting with a long length is fine") {
  Fd fd = tcp(family);
  int value[4] = {1, 0, 0, 0};
  CHECK_OK(setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, value, sizeof value));
  CHECK(int_option(fd, SOL_SOCKET, SO_KEEPALIVE) == 1);
}

FAMILY_CASE("options: getting into a short buffer cuts the value") {
  Fd fd = tcp(family);
  char bytes[4] = {0x55, 0x55, 0x55, 0x55};
  socklen_t length = 1;
  REQUIRE_OK(getsockopt(fd, SOL_SOCKET, SO_TYPE, bytes, &length));
  CHECK(length == 1);
  CHECK(bytes[0] == SOCK_STREAM);
  CHECK(bytes[1] == 0x55);
  length = 0;
  CHECK_OK(getsockopt(fd, SOL_SOCKET, SO_TYPE, bytes, &length));
  CHECK(length == 0);
}

FAMILY_CASE("options: getting into a long buffer tells the real length") {
  Fd fd = tcp(family);
  int value[4] = {0, 7, 7, 7};
  socklen_t length = sizeof value;
  REQUIRE_OK(getsockopt(fd, SOL_SOCKET, SO_TYPE, value, &length));
  CHECK(length == sizeof(int));
  CHECK(value[0] == SOCK_STREAM);
  CHECK(value[1] == 7);
  length = sizeof value;
  REQUIRE_OK(getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, value, &length));
  CHECK(length == sizeof(int));
}

FAMILY_CASE("options: a negative length gives EINVAL") {
  Fd fd = tcp(family);
  int value = 0;
  socklen_t length = static_cast<socklen_t>(-1);
  CHECK_FAILS(getsockopt(fd, SOL_SOCKET, SO_TYPE, &value, &length), EINVAL);
}

FAMILY_CASE("options: NULL gives EFAULT") {
  Fd fd = tcp(family);
  int value = 0;
  socklen_t length = sizeof value;
  void* volatile null = nullptr;
  socklen_t* volatile no_length = nullptr;
  CHECK_FAILS(setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, null, sizeof value), EFAULT);
  CHECK_FAILS(getsockopt(fd, SOL_SOCKET, SO_TYPE, null, &length), EFAULT);
  CHECK_FAILS(getsockopt(fd, SOL_SOCKET, SO_TYPE, &value, no_length), EFAULT);
}

FAMILY_CASE("options: the timeouts are read back as set") {
  Fd fd = udp(family);
  for (int name : {SO_RCVTIMEO, SO_SNDTIMEO}) {
    timeval time{};
    socklen_t length = sizeof time;
    REQUIRE_OK(getsockopt(fd, SOL_SOCKET, name, &time, &length));
    CHECK(length == sizeof time);
    CHECK(time.tv_sec == 0);
    CHECK(time.tv_usec == 0);
    time.tv_sec = 5;
    time.tv_usec = 500000;
    REQUIRE_OK(setsockopt(fd, SOL_SOCKET, name, &time, sizeof time));
    time = {};
    REQUIRE_OK(getsockopt(fd, SOL_SOCKET, name, &time, &length));
    CHECK(time.tv_sec == 5);
    CHECK(time.tv_usec == 500000);
  }
}

FAMILY_CASE("options: a timeout with bad microseconds gives EDOM") {
  Fd fd = tcp(family);
  timeval time{};
  time.tv_usec = 1000000;
  CHECK_FAILS(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time), EDOM);
  time.tv_usec = -1;
  CHECK_FAILS(setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time), EDOM);
}

TEST_CASE("options: TCP_INFO tells the state of a connection") {
  const auto state = [](int fd) {
    tcp_info info = {};
    socklen_t length = sizeof info;
    REQUIRE_OK(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length));
    CHECK(length >= sizeof info.tcpi_state);
    return int{info.tcpi_state};
  };
  Fd fresh = tcp(AF_INET);
  CHECK(state(fresh) == TCP_CLOSE);
  Pair pair = tcp_pair(AF_INET);
  CHECK(state(pair.client) == TCP_ESTABLISHED);
  CHECK(state(pair.server) == TCP_ESTABLISHED);
  REQUIRE_OK(shutdown(pair.client, SHUT_WR));
  REQUIRE(readable(pair.server));
  CHECK(state(pair.server) == TCP_CLOSE_WAIT);
  const int ending = state(pair.client);  // until the peer's acknowledgement, and then
  CHECK((ending == TCP_FIN_WAIT1 || ending == TCP_FIN_WAIT2));
}

FAMILY_CASE("options: what is refused reads as the default, which can be set") {
  Fd stream = tcp(family), datagram = udp(family);
  for (const int fd : {int{stream}, int{datagram}}) {
    int value = 1;
    socklen_t length = sizeof value;
    CHECK_OK(getsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &value, &length));
    CHECK(value == 0);
    CHECK_OK(setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &value, sizeof value));
    value = 1;
    const int result = setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &value, sizeof value);
    CHECK(result == DIFFERS_ON_WASI("A host gives a port to one socket", 0, -1));
  }
  int hops = 0;
  socklen_t length = sizeof hops;
  const int level = family == AF_INET ? IPPROTO_IP : IPPROTO_IPV6;
  const int name = family == AF_INET ? IP_MULTICAST_TTL : IPV6_MULTICAST_HOPS;
  CHECK_OK(getsockopt(datagram, level, name, &hops, &length));
  CHECK(hops == 1);
  CHECK_OK(setsockopt(datagram, level, name, &hops, sizeof hops));
  hops = -1;
  CHECK_OK(setsockopt(datagram, level, name, &hops, sizeof hops));
}
