// The source that a datagram is asked to have, by IP_PKTINFO and IPV6_PKTINFO.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/uio.h>

#include "net.h"

using namespace conformance;

FAMILY_CASE("udp: sendmsg takes the socket's own address as the source, and no stranger's") {
  Pair p = udp_pair(family);
  Address to = local_address(p.server), own = local_address(p.client);
  char byte = 'x';
  iovec part = {&byte, 1};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(in6_pktinfo))] = {};
  msghdr message = {};
  message.msg_name = to.get();
  message.msg_namelen = to.length;
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  auto* header = reinterpret_cast<cmsghdr*>(control);
  unsigned char* last;  // byte of the address
  if (family == AF_INET) {
    in_pktinfo info = {};
    info.ipi_spec_dst = reinterpret_cast<sockaddr_in*>(own.get())->sin_addr;
    header->cmsg_level = IPPROTO_IP;
    header->cmsg_type = IP_PKTINFO;
    header->cmsg_len = CMSG_LEN(sizeof info);
    memcpy(CMSG_DATA(header), &info, sizeof info);
    last = CMSG_DATA(header) + offsetof(in_pktinfo, ipi_spec_dst) + 3;
  } else {
    in6_pktinfo info = {};
    info.ipi6_addr = reinterpret_cast<sockaddr_in6*>(own.get())->sin6_addr;
    header->cmsg_level = IPPROTO_IPV6;
    header->cmsg_type = IPV6_PKTINFO;
    header->cmsg_len = CMSG_LEN(sizeof info);
    memcpy(CMSG_DATA(header), &info, sizeof info);
    last = CMSG_DATA(header) + 15;
  }
  message.msg_controllen = header->cmsg_len;
  CHECK_RETURNS(sendmsg(p.client, &message, 0), 1);
  CHECK_RETURNS(recv(p.server, &byte, 1, 0), 1);
  if (family == AF_INET6) {
    *last = 77;  // ::77 is nobody's
    CHECK_FAILS(sendmsg(p.client, &message, 0), EINVAL);
    memset(last - 15, 0, 16);  // any
    CHECK_RETURNS(sendmsg(p.client, &message, 0), 1);
  } else {
    memset(last - 3, 0, 4);
    CHECK_RETURNS(sendmsg(p.client, &message, 0), 1);
  }
}
