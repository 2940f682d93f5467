// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "kinds/socket.h"

#include <netinet/in.h>
#include <string.h>

#include "support/pointer.h"

namespace posix_sockets {

Errno Socket::stat(struct stat& out) {
  memset(&out, 0, sizeof out);
  out.st_mode = S_IFSOCK | mode;
  out.st_nlink = 1;
  out.st_blksize = 4096;
  // Distinct for each description, equal for its duplicates: all that programs compare.
  out.st_ino = reinterpret_cast<uintptr_t>(this);
  return success;
}

Errno Socket::take_error() {
  progress();
  const Errno error = pending_error_;
  pending_error_ = success;
  return error;
}

// Linux's UDP over IPv6 takes IPv4's addresses as they are, unless it is kept to IPv6.
Result<SocketAddress> Socket::read_remote(const sockaddr* address, socklen_t length) const {
  const bool as_ipv4 = family_ == Family::ipv6 && type_ == SocketType::datagram &&
                       accessible(address, sizeof(sa_family_t)) && address->sa_family == AF_INET;
  if (as_ipv4 && options.v6_only) return Errno(EAFNOSUPPORT);
  if (!as_ipv4) return from_sockaddr(address, length, family_);
  Result<SocketAddress> ipv4 = from_sockaddr(address, length, Family::ipv4);
  return ipv4.ok() ? Result<SocketAddress>(to_family(ipv4.value(), Family::ipv6)) : ipv4;
}

Errno Socket::source_name(const ReceiveRequest& request, sockaddr* out, socklen_t* length) {
  if (request.has_source) return to_sockaddr(request.source, out, length);
  *length = 0;  // a stream names no sender
  return success;
}

Errno Socket::set_destination(SendRequest& request, const sockaddr* address, socklen_t length) {
  if (type_ == SocketType::stream) return success;  // it goes to its peer, whatever the address says
  const bool ipv6 = family_ == Family::ipv6;
  // Linux's IPv6 takes AF_UNSPEC for no address, its IPv4 for AF_INET.
  if (ipv6 && length >= sizeof(sa_family_t) && address->sa_family == AF_UNSPEC) return success;
  if (ipv6 && options.v6_only && length >= sizeof(sockaddr_in) && address->sa_family == AF_INET) return ENETUNREACH;
  Result<SocketAddress> destination =
      ipv6 ? read_remote(address, length) : from_sockaddr(address, length, family_, AF_UNSPEC);
  if (!destination.ok()) return ipv6 && destination.error() == EAFNOSUPPORT ? Errno(EINVAL) : destination.error();
  request.destination_address = destination.value();
  request.destination = &request.destination_address;
  return success;
}

SocketAddress as_destination(const SocketAddress& address) {
  return address.is_unspecified() ? SocketAddress::loopback(address.family, address.port) : address;
}

}  // namespace posix_sockets
