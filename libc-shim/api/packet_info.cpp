// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "api/packet_info.h"

#include <netinet/in.h>
#include <string.h>

#include "udp/find_source.h"

namespace posix_sockets {
namespace {

constexpr unsigned loopback_index = 1;

bool same_host(const SocketAddress& a, const SocketAddress& b) {
  return a.family == b.family && memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}

// The local address for datagrams to `remote`. Servers mostly ask for the same one again.
SocketAddress source_for(const SocketAddress& remote) {
  static SocketAddress asked, answer;
  if (same_host(asked, remote)) return answer;
  SocketAddress source;
  if (find_source(remote, source) != SourceStatus::found) return SocketAddress::any(remote.family);
  asked = remote;
  answer = source;
  return source;
}

}  // namespace

SocketAddress arrived_at(Socket& socket, const SocketAddress& source) {
  const Result<SocketAddress> own = socket.local_address();
  if (own.ok() && !own.value().is_unspecified()) return own.value();
  const SocketAddress remote = source.is_ipv4_mapped() ? to_family(source, Family::ipv4) : source;
  const SocketAddress local = remote.is_loopback() ? SocketAddress::loopback(remote.family, 0) : source_for(remote);
  return to_family(local, socket.family());
}

unsigned interface_of(const SocketAddress& address) {
  const SocketAddress plain = address.is_ipv4_mapped() ? to_family(address, Family::ipv4) : address;
  return plain.is_loopback() ? loopback_index : 0;
}

Errno check_packet_info(Socket& socket, const cmsghdr& header, const SocketAddress* destination) {
  const bool ipv4 = socket.family() == Family::ipv4;
  const size_t size = ipv4 ? sizeof(in_pktinfo) : sizeof(in6_pktinfo);
  if (header.cmsg_len < CMSG_LEN(size)) return EINVAL;
  SocketAddress source = SocketAddress::any(socket.family());
  in_pktinfo info;
  in6_pktinfo info6;
  unsigned index;
  if (ipv4) {
    memcpy(&info, CMSG_DATA(&header), sizeof info);
    memcpy(source.bytes, &info.ipi_spec_dst, sizeof info.ipi_spec_dst);
    index = static_cast<unsigned>(info.ipi_ifindex);
  } else {
    memcpy(&info6, CMSG_DATA(&header), sizeof info6);
    memcpy(source.bytes, &info6.ipi6_addr, sizeof info6.ipi6_addr);
    index = static_cast<unsigned>(info6.ipi6_ifindex);
  }
  if (index > loopback_index) return ENODEV;
  const Result<SocketAddress> peer = destination != nullptr ? *destination : socket.remote_address();
  if (!peer.ok()) return success;  // the send itself says it
  if (index != 0 && interface_of(peer.value()) != index) return EINVAL;
  if (source.is_unspecified() || same_host(arrived_at(socket, peer.value()), source)) return success;
  return EINVAL;
}

}  // namespace posix_sockets
