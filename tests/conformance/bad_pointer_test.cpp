// NULL pointers, lengths beyond reason, and vectors that make no sense.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <limits.h>
#include <sys/uio.h>

#include <vector>

#include "net.h"

using namespace conformance;

namespace {

// Volatile, so that no compiler reasons about calls that are meant to be wrong.
void* volatile null = nullptr;
socklen_t* volatile no_length = nullptr;
const iovec* volatile no_parts = nullptr;
volatile int negative = -1;

sockaddr* null_address() { return static_cast<sockaddr*>(null); }

}  // namespace

FAMILY_CASE("bad pointer: send of NULL gives EFAULT") {
  Pair p = tcp_pair(family);
  CHECK_FAILS(send(p.client, null, 5, MSG_NOSIGNAL), EFAULT);
  CHECK_FAILS(write(p.client, null, 5), EFAULT);
  CHECK_RETURNS(send(p.client, "fine", 4, 0), 4);
  CHECK(receive(p.server, 4) == "fine");
}

FAMILY_CASE("bad pointer: recv into NULL gives EFAULT and loses nothing") {
  Pair p = tcp_pair(family);
  send_all(p.client, "data");
  REQUIRE(readable(p.server));
  CHECK_FAILS(recv(p.server, null, 4, 0), EFAULT);
  CHECK_FAILS(read(p.server, null, 4), EFAULT);
  CHECK(receive(p.server, 4) == "data");
}

FAMILY_CASE("bad pointer: NULL with a length of zero is fine") {
  Pair p = tcp_pair(family);
  CHECK_RETURNS(send(p.client, null, 0, 0), 0);
  CHECK_RETURNS(write(p.client, null, 0), 0);
  CHECK_RETURNS(read(p.client, null, 0), 0);
}

FAMILY_CASE("bad pointer: a UDP datagram from NULL gives EFAULT") {
  Pair p = udp_pair(family);
  CHECK_FAILS(send(p.client, null, 5, 0), EFAULT);
  CHECK(wait_for(p.server, POLLIN, 0) == 0);
}

FAMILY_CASE("bad pointer: sendto an address of NULL with a length") {
  Bound b = bound_udp(family);
  CHECK_FAILS(sendto(b.fd, "x", 1, 0, null_address(), size_of(family)), EDESTADDRREQ);
}

FAMILY_CASE("bad pointer: getsockname and getpeername") {
  Pair p = tcp_pair(family);
  Address a;
  CHECK_FAILS(getsockname(p.client, null_address(), &a.length), EFAULT);
  CHECK_FAILS(getsockname(p.client, a.get(), no_length), EFAULT);
  CHECK_FAILS(getpeername(p.client, null_address(), &a.length), EFAULT);
  CHECK_FAILS(getpeername(p.client, a.get(), no_length), EFAULT);
}

FAMILY_CASE("bad length: getsockname and getpeername with a negative one give EINVAL") {
  Pair p = tcp_pair(family);
  Address a;
  a.length = static_cast<socklen_t>(-1);
  CHECK_FAILS(getsockname(p.client, a.get(), &a.length), EINVAL);
  CHECK_FAILS(getpeername(p.client, a.get(), &a.length), EINVAL);
}

FAMILY_CASE("bad length: getsockname cuts the name and tells its length") {
  Bound b = bound_tcp(family);
  Address a;
  std::memset(&a.storage, 0x55, sizeof a.storage);
  a.length = 4;
  CHECK_OK(getsockname(b.fd, a.get(), &a.length));
  CHECK(a.length == size_of(family));
  CHECK(reinterpret_cast<unsigned char*>(&a.storage)[4] == 0x55);
  a.length = 0;
  CHECK_OK(getsockname(b.fd, a.get(), &a.length));
  CHECK(a.length == size_of(family));
}

FAMILY_CASE("bad vector: readv and writev of NULL give EFAULT") {
  Pair p = tcp_pair(family);
  CHECK_FAILS(writev(p.client, no_parts, 1), EFAULT);
  CHECK_FAILS(readv(p.client, no_parts, 1), EFAULT);
}

FAMILY_CASE("bad vector: a part of NULL with a length gives EFAULT") {
  Pair p = tcp_pair(family);
  iovec part = {null, 10};
  CHECK_FAILS(writev(p.client, &part, 1), EFAULT);
  send_all(p.client, "x");
  REQUIRE(readable(p.server));
  CHECK_FAILS(readv(p.server, &part, 1), EFAULT);
  CHECK(receive(p.server, 1) == "x");
}

FAMILY_CASE("bad vector: a negative or huge count gives EINVAL") {
  Pair p = tcp_pair(family);
  char byte = 'x';
  std::vector<iovec> parts(IOV_MAX + 1, iovec{&byte, 1});
  CHECK_FAILS(writev(p.client, parts.data(), negative), EINVAL);
  CHECK_FAILS(readv(p.client, parts.data(), negative), EINVAL);
  CHECK_FAILS(writev(p.client, parts.data(), IOV_MAX + 1), EINVAL);
  CHECK_FAILS(readv(p.client, parts.data(), IOV_MAX + 1), EINVAL);
  CHECK_RETURNS(writev(p.client, parts.data(), IOV_MAX), IOV_MAX);
  CHECK(receive(p.server, IOV_MAX) == std::string(IOV_MAX, 'x'));
}

FAMILY_CASE("bad vector: a count of zero moves nothing") {
  Pair p = tcp_pair(family);
  iovec part = {nullptr, 0};
  CHECK_RETURNS(writev(p.client, &part, 0), 0);
  CHECK_RETURNS(readv(p.client, &part, 0), 0);
}

FAMILY_CASE("bad vector: a part with a negative length gives EINVAL") {
  Pair p = tcp_pair(family);
  char byte = 'x';
  iovec parts[2] = {{&byte, 1}, {&byte, static_cast<std::size_t>(-1)}};
  CHECK_FAILS(writev(p.client, parts, 2), EINVAL);
  CHECK_FAILS(readv(p.client, parts, 2), EINVAL);
}

FAMILY_CASE("bad state: a fresh TCP socket can't send or receive") {
  Fd fd = tcp(family);
  char byte;
  CHECK_FAILS(send(fd, "x", 1, MSG_NOSIGNAL), EPIPE);
  CHECK_FAILS(write(fd, "x", 1), EPIPE);
  CHECK_FAILS(recv(fd, &byte, 1, 0), ENOTCONN);
  CHECK_FAILS(read(fd, &byte, 1), ENOTCONN);
}

FAMILY_CASE("bad state: a bound TCP socket can't send or receive") {
  Bound b = bound_tcp(family);
  char byte;
  CHECK_FAILS(send(b.fd, "x", 1, MSG_NOSIGNAL), EPIPE);
  CHECK_FAILS(recv(b.fd, &byte, 1, 0), ENOTCONN);
}

FAMILY_CASE("bad state: a socket whose connect was refused can't send or receive") {
  Bound closed = bound_tcp(family);
  Fd fd = tcp(family);
  REQUIRE_FAILS(connect(fd, closed.address.get(), closed.address.length), ECONNREFUSED);
  char byte;
  CHECK_FAILS(send(fd, "x", 1, MSG_NOSIGNAL), EPIPE);
  CHECK_FAILS(recv(fd, &byte, 1, 0), ENOTCONN);
}

FAMILY_CASE("bad flags: MSG_OOB on recv without urgent data gives EINVAL") {
  Pair p = tcp_pair(family);
  char byte;
  CHECK_FAILS(recv(p.server, &byte, 1, MSG_OOB), EINVAL);
}

FAMILY_CASE("bad flags: MSG_ERRQUEUE without errors gives EAGAIN") {
  Pair p = tcp_pair(family);
  char byte;
  CHECK_FAILS(recv(p.server, &byte, 1, MSG_ERRQUEUE), EAGAIN);
}

TEST_CASE("bad flags: MSG_OOB of UDP gives EOPNOTSUPP when sending") {
  Pair p = udp_pair(AF_INET);
  CHECK_FAILS(send(p.client, "x", 1, MSG_OOB), EOPNOTSUPP);
}
