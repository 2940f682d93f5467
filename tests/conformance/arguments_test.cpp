// Arguments that point nowhere, and what is looked at first.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <climits>

#include "message_help.h"

using namespace conformance;

namespace {

void* const nowhere = reinterpret_cast<void*>(static_cast<std::intptr_t>(-1));  // beyond all memory
char byte;

}  // namespace

FAMILY_CASE("arguments: a destination beyond memory is EFAULT") {
  Pair stream = tcp_pair(family), datagram = udp_pair(family);
  const socklen_t length = size_of(family);
  for (int fd : {static_cast<int>(stream.client), static_cast<int>(datagram.client)}) {
    CHECK_FAILS(sendto(fd, "x", 1, 0, static_cast<sockaddr*>(nowhere), length), EFAULT);
    CHECK_FAILS(sendto(fd, "x", 1, 0, static_cast<sockaddr*>(nowhere), 129), EINVAL);
    std::string data = "x";
    Message message({piece(data)});
    message.header.msg_name = nowhere;
    message.header.msg_namelen = length;
    CHECK_FAILS(sendmsg(fd, &message.header, 0), EFAULT);
  }
  CHECK_FAILS(recv(stream.server, &byte, 1, MSG_DONTWAIT), EAGAIN);
  CHECK_FAILS(recv(datagram.server, &byte, 1, MSG_DONTWAIT), EAGAIN);
}

FAMILY_CASE("arguments: an address as long as Linux's sockaddr_storage will do") {
  Bound a = bound_udp(family), b = bound_udp(family);
  alignas(16) char room[200] = {};
  std::memcpy(room, b.address.get(), b.address.length);
  CHECK_RETURNS(sendto(a.fd, "x", 1, 0, reinterpret_cast<sockaddr*>(room), 128), 1);
  CHECK_FAILS(sendto(a.fd, "x", 1, 0, reinterpret_cast<sockaddr*>(room), 129), EINVAL);
  CHECK_FAILS(sendto(a.fd, "x", 1, 0, reinterpret_cast<sockaddr*>(room), static_cast<socklen_t>(-1)), EINVAL);
}

FAMILY_CASE("arguments: a buffer beyond memory costs no datagram") {
  Pair p = udp_pair(family);
  send_all(p.client, "safe");
  REQUIRE(readable(p.server));
  CHECK_FAILS(recv(p.server, nowhere, 8, 0), EFAULT);
  iovec bad = {nowhere, 8};
  CHECK_FAILS(readv(p.server, &bad, 1), EFAULT);
  char buffer[8];
  CHECK_RETURNS(recv(p.server, buffer, sizeof buffer, 0), 4);
}

FAMILY_CASE("arguments: a null buffer costs a datagram") {
  Pair p = udp_pair(family);
  send_all(p.client, "lost");
  REQUIRE(readable(p.server));
  CHECK_FAILS(recv(p.server, nullptr, 8, MSG_PEEK), EFAULT);
  CHECK_FAILS(recv(p.server, nullptr, 8, 0), EFAULT);
  CHECK_FAILS(recv(p.server, &byte, 1, MSG_DONTWAIT), EAGAIN);
}

FAMILY_CASE("arguments: MSG_TRUNC discards into null, and not beyond memory") {
  Pair p = tcp_pair(family);
  send_all(p.client, "abcdef");
  REQUIRE(readable(p.server));
  CHECK_FAILS(recv(p.server, nowhere, 2, MSG_TRUNC), EFAULT);
  CHECK_RETURNS(recv(p.server, nullptr, 2, MSG_TRUNC), 2);
  CHECK(receive(p.server, 4) == "cdef");
}

FAMILY_CASE("arguments: an empty piece beyond memory is EFAULT all the same") {
  Pair p = tcp_pair(family);
  send_all(p.client, "ab");
  REQUIRE(readable(p.server));
  char buffer[4];
  iovec pieces[2] = {{buffer, sizeof buffer}, {nowhere, 0}};
  CHECK_FAILS(readv(p.server, pieces, 2), EFAULT);
  pieces[1].iov_base = nullptr;
  CHECK_RETURNS(readv(p.server, pieces, 2), 2);
}

FAMILY_CASE("arguments: recv takes any size") {
  Pair p = tcp_pair(family);
  CHECK_FAILS(recv(p.server, &byte, SIZE_MAX, MSG_DONTWAIT), EAGAIN);
  send_all(p.client, "x");
  REQUIRE(readable(p.server));
  CHECK_RETURNS(recv(p.server, &byte, SIZE_MAX, 0), 1);
  CHECK(byte == 'x');
}

TEST_CASE("arguments: the descriptor is looked at before the rest") {
  CHECK_FAILS(readv(-1, nullptr, -1), EBADF);
  CHECK_FAILS(accept4(-1, nullptr, nullptr, -1), EBADF);
  CHECK_FAILS(shutdown(-1, 99), EBADF);
  CHECK_FAILS(sendmsg(-1, nullptr, 0), EBADF);
  CHECK_FAILS(setsockopt(-1, 0, 0, nullptr, 0), EBADF);
}

FAMILY_CASE("arguments: recvmsg with a name of negative length costs no datagram") {
  Pair p = udp_pair(family);
  send_all(p.client, "x");
  REQUIRE(readable(p.server));
  std::string data(4, '.');
  Address from;
  Message message({piece(data)});
  message.name(from).header.msg_namelen = static_cast<socklen_t>(-1);
  CHECK_FAILS(recvmsg(p.server, &message.header, 0), EINVAL);
  message.header.msg_name = nullptr;
  CHECK_RETURNS(recvmsg(p.server, &message.header, 0), 1);
}

FAMILY_CASE("arguments: sendmsg doesn't look at the length of no name") {
  Pair p = tcp_pair(family);
  std::string data = "x";
  Message message({piece(data)});
  message.header.msg_namelen = static_cast<socklen_t>(-1);
  CHECK_RETURNS(sendmsg(p.client, &message.header, 0), 1);
}

FAMILY_CASE("arguments: control messages that aren't there") {
  Pair p = tcp_pair(family);
  std::string data = "x";
  Message message({piece(data)});
  message.header.msg_controllen = 32;
  CHECK_FAILS(sendmsg(p.client, &message.header, 0), EFAULT);
  message.header.msg_control = nowhere;
  CHECK_FAILS(sendmsg(p.client, &message.header, 0), EFAULT);
  message.header.msg_controllen = static_cast<decltype(message.header.msg_controllen)>(-1);
  CHECK_FAILS(sendmsg(p.client, &message.header, 0), ENOBUFS);
  message.header.msg_controllen = 0;
  CHECK_RETURNS(sendmsg(p.client, &message.header, 0), 1);
}

FAMILY_CASE("arguments: MSG_ERRQUEUE comes before MSG_OOB") {
  Pair p = tcp_pair(family);
  CHECK_FAILS(recv(p.server, &byte, 1, MSG_ERRQUEUE | MSG_OOB), EAGAIN);
}

FAMILY_CASE("arguments: recvmsg gives MSG_CMSG_CLOEXEC back") {
  Pair p = tcp_pair(family);
  send_all(p.client, "x");
  std::string data(4, '.');
  Message message({piece(data)});
  CHECK_RETURNS(recvmsg(p.server, &message.header, MSG_CMSG_CLOEXEC), 1);
  CHECK(message.header.msg_flags == MSG_CMSG_CLOEXEC);
}

TEST_CASE("arguments: the protocol of another family or type") {
  CHECK_FAILS(socket(AF_INET6, SOCK_DGRAM, IPPROTO_ICMP), EPROTONOSUPPORT);
  CHECK_FAILS(socket(AF_INET, SOCK_STREAM, IPPROTO_ICMP), EPROTONOSUPPORT);
  CHECK_FAILS(socket(AF_INET, SOCK_STREAM, IPPROTO_UDP), EPROTONOSUPPORT);
  CHECK_FAILS(socket(AF_INET, SOCK_DGRAM, IPPROTO_TCP), EPROTONOSUPPORT);
  CHECK_FAILS(socket(AF_INET, SOCK_STREAM, 256 + 7), EINVAL);
  CHECK_FAILS(socket(AF_INET, SOCK_STREAM, -1), EINVAL);
  CHECK_FAILS(socket(AF_UNSPEC, SOCK_STREAM, 0), EAFNOSUPPORT);
}
