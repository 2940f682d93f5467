// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Where a datagram came to, by IP_PKTINFO and IPV6_RECVPKTINFO, and answers from there.
#include <netinet/in.h>
#include <string.h>
#include <sys/uio.h>

#include "net.h"

using namespace conformance;

namespace {

struct Told {
  ssize_t size = -1;
  int flags = 0;
  int count = 0;  // of control messages
  bool has4 = false, has6 = false;
  in_pktinfo info4 = {};
  in6_pktinfo info6 = {};
  Address from;
};

Told receive_told(int fd, size_t room = 256, int receive_flags = 0) {
  Told told;
  char data[100];
  iovec part = {data, sizeof data};
  alignas(cmsghdr) char control[256] = {};
  msghdr message = {};
  sockaddr_storage from = {};
  message.msg_name = &from;
  message.msg_namelen = sizeof from;
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = room != 0 ? control : nullptr;
  message.msg_controllen = room;
  told.size = recvmsg(fd, &message, receive_flags);
  told.flags = message.msg_flags;
  memcpy(told.from.get(), &from, message.msg_namelen);
  told.from.length = message.msg_namelen;
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header)) {
    ++told.count;
    if (header->cmsg_level == IPPROTO_IP && header->cmsg_type == IP_PKTINFO) {
      if ((told.flags & MSG_CTRUNC) == 0) CHECK(header->cmsg_len == CMSG_LEN(sizeof told.info4));
      told.has4 = true;
      memcpy(&told.info4, CMSG_DATA(header), sizeof told.info4);
    }
    if (header->cmsg_level == IPPROTO_IPV6 && header->cmsg_type == IPV6_PKTINFO) {
      if ((told.flags & MSG_CTRUNC) == 0) CHECK(header->cmsg_len == CMSG_LEN(sizeof told.info6));
      told.has6 = true;
      memcpy(&told.info6, CMSG_DATA(header), sizeof told.info6);
    }
  }
  return told;
}

// What a server does: the answer comes from where the question came to.
ssize_t answer(int fd, const Told& told) {
  char byte = 'a';
  iovec part = {&byte, 1};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(in6_pktinfo))] = {};
  msghdr message = {};
  message.msg_name = const_cast<sockaddr*>(told.from.get());
  message.msg_namelen = told.from.length;
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  auto* header = reinterpret_cast<cmsghdr*>(control);
  if (told.has6) {
    header->cmsg_level = IPPROTO_IPV6;
    header->cmsg_type = IPV6_PKTINFO;
    header->cmsg_len = CMSG_LEN(sizeof told.info6);
    memcpy(CMSG_DATA(header), &told.info6, sizeof told.info6);
    message.msg_controllen = CMSG_SPACE(sizeof told.info6);
  } else {
    header->cmsg_level = IPPROTO_IP;
    header->cmsg_type = IP_PKTINFO;
    header->cmsg_len = CMSG_LEN(sizeof told.info4);
    memcpy(CMSG_DATA(header), &told.info4, sizeof told.info4);
    message.msg_controllen = CMSG_SPACE(sizeof told.info4);
  }
  return sendmsg(fd, &message, 0);
}

void switch_on(int fd, int family) {
  const int one = 1;
  if (family == AF_INET) REQUIRE_OK(setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &one, sizeof one));
  if (family == AF_INET6) REQUIRE_OK(setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &one, sizeof one));
}

// A server on the wildcard, and a client that is connected to it by loopback.
Pair wildcard_pair(int server_family, int client_family) {
  Pair p;
  p.server = udp(server_family);
  const int off = 0;
  if (server_family == AF_INET6) REQUIRE_OK(setsockopt(p.server, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off));
  Address any = Address::any(server_family);
  REQUIRE_OK(bind(p.server, any.get(), any.length));
  switch_on(p.server, server_family);
  p.client = udp(client_family);
  Address to = Address::loopback(client_family, local_address(p.server).port());
  REQUIRE_OK(connect(p.client, to.get(), to.length));
  return p;
}

void check_loopback(const Told& told, int family) {
  CHECK(told.count == 1);
  if (family == AF_INET) {
    REQUIRE(told.has4);
    CHECK(told.info4.ipi_ifindex == 1);
    CHECK(ntohl(told.info4.ipi_addr.s_addr) == INADDR_LOOPBACK);
    CHECK(ntohl(told.info4.ipi_spec_dst.s_addr) == INADDR_LOOPBACK);
  } else {
    REQUIRE(told.has6);
    CHECK(told.info6.ipi6_ifindex == 1);
    CHECK(IN6_IS_ADDR_LOOPBACK(&told.info6.ipi6_addr));
  }
}

}  // namespace

FAMILY_CASE("packet info: of a socket with an address, and an answer from it") {
  Pair p = udp_pair(family);
  switch_on(p.server, family);
  REQUIRE(send(p.client, "x", 1, 0) == 1);
  readable(p.server);
  const Told told = receive_told(p.server);
  REQUIRE(told.size == 1);
  check_loopback(told, family);
  CHECK(told.flags == 0);
  CHECK_RETURNS(answer(p.server, told), 1);
  char byte;
  CHECK_RETURNS(recv(p.client, &byte, 1, 0), 1);
}

FAMILY_CASE("packet info: of a socket on the wildcard, and an answer") {
  Pair p = wildcard_pair(family, family);
  REQUIRE(send(p.client, "x", 1, 0) == 1);
  readable(p.server);
  const Told told = receive_told(p.server);
  check_loopback(told, family);
  CHECK_RETURNS(answer(p.server, told), 1);
  char byte;
  CHECK_RETURNS(recv(p.client, &byte, 1, 0), 1);
}

FAMILY_CASE("packet info: off again, without room, and peeked at") {
  Pair p = udp_pair(family);
  switch_on(p.server, family);
  const size_t size = family == AF_INET ? sizeof(in_pktinfo) : sizeof(in6_pktinfo);
  for (int i = 0; i < 3; ++i) REQUIRE(send(p.client, "x", 1, 0) == 1);
  readable(p.server);
  Told told = receive_told(p.server, 256, MSG_PEEK);
  check_loopback(told, family);
  told = receive_told(p.server, CMSG_LEN(size) - 1);
  CHECK((told.flags & MSG_CTRUNC) != 0);
  told = receive_told(p.server, 0);
  CHECK((told.flags & MSG_CTRUNC) != 0);
  CHECK(told.count == 0);
  const int off = 0;
  if (family == AF_INET) REQUIRE_OK(setsockopt(p.server, IPPROTO_IP, IP_PKTINFO, &off, sizeof off));
  if (family == AF_INET6) REQUIRE_OK(setsockopt(p.server, IPPROTO_IPV6, IPV6_RECVPKTINFO, &off, sizeof off));
  told = receive_told(p.server);
  CHECK(told.size == 1);
  CHECK(told.count == 0);
  CHECK(told.flags == 0);
}

TEST_CASE("packet info: IPv4 that comes to an IPv6 socket") {
  Pair p = wildcard_pair(AF_INET6, AF_INET);
  REQUIRE(send(p.client, "x", 1, 0) == 1);
  readable(p.server);
  Told told = receive_told(p.server);
  REQUIRE(told.has6);
  CHECK(told.count == 1);
  CHECK(told.info6.ipi6_ifindex == 1);
  REQUIRE(IN6_IS_ADDR_V4MAPPED(&told.info6.ipi6_addr));
  CHECK(told.info6.ipi6_addr.s6_addr[12] == 127);
  CHECK(told.info6.ipi6_addr.s6_addr[15] == 1);
  CHECK_RETURNS(answer(p.server, told), 1);
  char byte;
  CHECK_RETURNS(recv(p.client, &byte, 1, 0), 1);

  // Both kinds, if both are wanted.
  const int one = 1;
  REQUIRE_OK(setsockopt(p.server, IPPROTO_IP, IP_PKTINFO, &one, sizeof one));
  REQUIRE(send(p.client, "x", 1, 0) == 1);
  readable(p.server);
  told = receive_told(p.server);
  CHECK(told.has4);
  CHECK(told.has6);
  CHECK(ntohl(told.info4.ipi_addr.s_addr) == INADDR_LOOPBACK);
}

FAMILY_CASE("packet info: an interface that isn't there") {
  Pair p = udp_pair(family);
  Told told;
  told.from = local_address(p.server);
  told.has6 = family == AF_INET6;
  told.info4.ipi_ifindex = 4711;
  told.info6.ipi6_ifindex = 4711;
  CHECK_FAILS(answer(p.client, told), ENODEV);
  told.info4.ipi_ifindex = 1;
  told.info6.ipi6_ifindex = 1;
  CHECK_RETURNS(answer(p.client, told), 1);
  char byte;
  CHECK_RETURNS(recv(p.server, &byte, 1, 0), 1);
}

FAMILY_CASE("packet info: the option itself") {
  Fd fd = udp(family);
  const int level = family == AF_INET ? IPPROTO_IP : IPPROTO_IPV6;
  const int name = family == AF_INET ? IP_PKTINFO : IPV6_RECVPKTINFO;
  int value = -1;
  socklen_t length = sizeof value;
  REQUIRE_OK(getsockopt(fd, level, name, &value, &length));
  CHECK(value == 0);
  value = 7;
  REQUIRE_OK(setsockopt(fd, level, name, &value, sizeof value));
  value = -1;
  REQUIRE_OK(getsockopt(fd, level, name, &value, &length));
  CHECK(value == 1);
}
