// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// UDP: what the entry points have as sockaddr. Here and not in Socket, so that a program with TCP alone doesn't link it.
#include <netinet/in.h>

#include "support/pointer.h"
#include "udp/socket.h"

namespace posix_sockets {

// Linux's UDP over IPv6 takes IPv4's addresses as they are, unless it is kept to IPv6.
Result<SocketAddress> UdpSocket::read_remote(const sockaddr* address, socklen_t length) {
  const bool as_ipv4 =
      family() == Family::ipv6 && accessible(address, sizeof(sa_family_t)) && address->sa_family == AF_INET;
  if (as_ipv4 && options.v6_only) return Errno(EAFNOSUPPORT);
  if (!as_ipv4) return from_sockaddr(address, length, family());
  Result<SocketAddress> ipv4 = from_sockaddr(address, length, Family::ipv4);
  return ipv4.ok() ? Result<SocketAddress>(to_family(ipv4.value(), Family::ipv6)) : ipv4;
}

Errno UdpSocket::connect_to(const sockaddr* address, socklen_t length) {
  if (address->sa_family == AF_UNSPEC) return connect(nullptr);
  const Errno bound = ensure_bound();  // the kernel does that first of all
  if (!bound.ok()) return bound;
  Result<SocketAddress> remote = read_remote(address, length);
  if (!remote.ok()) return remote.error();
  return remote.value().lacks_scope() ? EINVAL : connect(&remote.value());
}

Errno UdpSocket::source_name(const ReceiveRequest& request, sockaddr* out, socklen_t* length) {
  if (request.has_source) return to_sockaddr(request.source, out, length);
  return Socket::source_name(request, out, length);
}

Errno UdpSocket::set_destination(SendRequest& request, const sockaddr* address, socklen_t length) {
  const Errno bound = ensure_bound();  // the kernel does that first of all
  if (!bound.ok()) return bound;
  const bool ipv6 = family() == Family::ipv6;
  // Linux's IPv6 takes AF_UNSPEC for no address, its IPv4 for AF_INET.
  if (ipv6 && length >= sizeof(sa_family_t) && address->sa_family == AF_UNSPEC) return success;
  if (ipv6 && options.v6_only && length >= sizeof(sockaddr_in) && address->sa_family == AF_INET) return ENETUNREACH;
  Result<SocketAddress> destination =
      ipv6 ? read_remote(address, length) : from_sockaddr(address, length, family(), AF_UNSPEC);
  if (!destination.ok()) return ipv6 && destination.error() == EAFNOSUPPORT ? Errno(EINVAL) : destination.error();
  request.destination_address = to_family(destination.value(), family());
  request.destination = &request.destination_address;
  return success;
}

}  // namespace posix_sockets
