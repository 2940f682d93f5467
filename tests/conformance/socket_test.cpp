// socket(): what it makes and what it refuses.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <vector>

#include "net.h"

using namespace conformance;

FAMILY_CASE("socket: makes a TCP socket") {
  Fd fd(socket(family, SOCK_STREAM, 0));
  REQUIRE_OK(int(fd));
  CHECK(int_option(fd, SOL_SOCKET, SO_TYPE) == SOCK_STREAM);
  CHECK(int_option(fd, SOL_SOCKET, SO_DOMAIN) == family);
  CHECK(int_option(fd, SOL_SOCKET, SO_PROTOCOL) == IPPROTO_TCP);
}

FAMILY_CASE("socket: makes a UDP socket") {
  Fd fd(socket(family, SOCK_DGRAM, 0));
  REQUIRE_OK(int(fd));
  CHECK(int_option(fd, SOL_SOCKET, SO_TYPE) == SOCK_DGRAM);
  CHECK(int_option(fd, SOL_SOCKET, SO_DOMAIN) == family);
  CHECK(int_option(fd, SOL_SOCKET, SO_PROTOCOL) == IPPROTO_UDP);
}

FAMILY_CASE("socket: takes the protocol's own number") {
  Fd a(socket(family, SOCK_STREAM, IPPROTO_TCP));
  CHECK_OK(int(a));
  Fd b(socket(family, SOCK_DGRAM, IPPROTO_UDP));
  CHECK_OK(int(b));
}

FAMILY_CASE("socket: a protocol of the other type is refused") {
  CHECK_FAILS(socket(family, SOCK_STREAM, IPPROTO_UDP), EPROTONOSUPPORT);
  CHECK_FAILS(socket(family, SOCK_DGRAM, IPPROTO_TCP), EPROTONOSUPPORT);
}

FAMILY_CASE("socket: a raw socket needs a protocol") { CHECK_FAILS(socket(family, SOCK_RAW, 0), EPROTONOSUPPORT); }

FAMILY_CASE("socketpair: a family without pairs looks at the protocol first") {
  int ends[2];
  CHECK_FAILS(socketpair(family, SOCK_STREAM, 0, ends), EOPNOTSUPP);
  CHECK_FAILS(socketpair(family, SOCK_DGRAM, IPPROTO_UDP, ends), EOPNOTSUPP);
  CHECK_FAILS(socketpair(family, SOCK_DGRAM, IPPROTO_TCP, ends), EPROTONOSUPPORT);
  CHECK_FAILS(socketpair(family, SOCK_STREAM, IPPROTO_ICMP, ends), EPROTONOSUPPORT);
  CHECK_FAILS(socketpair(family, SOCK_SEQPACKET, 0, ends), ESOCKTNOSUPPORT);
  CHECK_FAILS(socketpair(family, SOCK_RAW, 0, ends), EPROTONOSUPPORT);
}

FAMILY_CASE("socket: an unknown protocol number is refused") {
  CHECK_FAILS(socket(family, SOCK_STREAM, 200), EPROTONOSUPPORT);
  CHECK_FAILS(socket(family, SOCK_DGRAM, 200), EPROTONOSUPPORT);
}

FAMILY_CASE("socket: a protocol out of range is refused") {
  CHECK_FAILS(socket(family, SOCK_STREAM, -1), EINVAL);
  CHECK_FAILS(socket(family, SOCK_STREAM, 100000), EINVAL);
}

TEST_CASE("socket: an unknown family is refused") {
  CHECK_FAILS(socket(12345, SOCK_STREAM, 0), EAFNOSUPPORT);
  CHECK_FAILS(socket(-1, SOCK_STREAM, 0), EAFNOSUPPORT);
}

TEST_CASE("socket: AF_UNSPEC is refused") { CHECK_FAILS(socket(AF_UNSPEC, SOCK_STREAM, 0), EAFNOSUPPORT); }

FAMILY_CASE("socket: a type of zero is refused") {
  // Zero is no type anywhere, whatever the numbers of the types are.
  CHECK_FAILS(socket(family, 0, 0), ESOCKTNOSUPPORT);
}

FAMILY_CASE("socket: a type that the family lacks is refused") {
  CHECK_FAILS(socket(family, SOCK_SEQPACKET, 0), ESOCKTNOSUPPORT);
}

FAMILY_CASE("socket: an unknown flag in the type is refused") {
  CHECK_FAILS(socket(family, SOCK_STREAM | 0x100000, 0), EINVAL);
  CHECK_FAILS(socket(family, -1, 0), EINVAL);
}

FAMILY_CASE("socket: starts in blocking mode") {
  Fd fd = tcp(family);
  int flags = fcntl(fd, F_GETFL);
  REQUIRE_OK(flags);
  CHECK((flags & O_NONBLOCK) == 0);
  CHECK((flags & O_ACCMODE) == O_RDWR);
}

FAMILY_CASE("socket: SOCK_NONBLOCK sets O_NONBLOCK") {
  Fd a(socket(family, SOCK_STREAM | SOCK_NONBLOCK, 0));
  CHECK((fcntl(a, F_GETFL) & O_NONBLOCK) != 0);
  Fd b(socket(family, SOCK_DGRAM | SOCK_NONBLOCK, 0));
  CHECK((fcntl(b, F_GETFL) & O_NONBLOCK) != 0);
}

FAMILY_CASE("socket: SOCK_CLOEXEC sets FD_CLOEXEC") {
  Fd fd(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  CHECK_RETURNS(fcntl(fd, F_GETFD), FD_CLOEXEC);
  Fd plain = tcp(family);
  CHECK_RETURNS(fcntl(plain, F_GETFD), 0);
}

FAMILY_CASE("socket: both flags together") {
  Fd fd(socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  REQUIRE_OK(int(fd));
  CHECK_RETURNS(fcntl(fd, F_GETFD), FD_CLOEXEC);
  CHECK((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
}

TEST_CASE("socket: takes the lowest free number") {
  Fd a = tcp(AF_INET);
  Fd b = udp(AF_INET6);
  Fd c = tcp(AF_INET6);
  CHECK(int(b) == int(a) + 1);
  CHECK(int(c) == int(b) + 1);
  int free = b;
  b.reset();
  Fd d = tcp(AF_INET);
  CHECK(int(d) == free);
}

TEST_CASE("socket: 500 can be open at once") {
  std::vector<Fd> open;
  for (int i = 0; i < 500; ++i) open.push_back(i % 2 == 0 ? tcp(AF_INET) : udp(AF_INET6));
  CHECK(open.size() == 500);
  for (const Fd& fd : open) CHECK_OK(fcntl(fd, F_GETFD));
}
