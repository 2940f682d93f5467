// getsockopt() and setsockopt(): the rules of names, levels and lengths; timeouts and TCP_INFO.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <netinet/tcp.h>

#include "net.h"

using namespace conformance;

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
