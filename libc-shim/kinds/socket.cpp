// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "kinds/socket.h"

#include <string.h>

namespace posix_sockets {

Errno Socket::stat(struct stat& out) {
  memset(&out, 0, sizeof out);
  out.st_mode = S_IFSOCK | 0777;
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
  Result<SocketAddress> destination = from_sockaddr(address, length, family_, ipv6 ? AF_INET : AF_UNSPEC);
  if (!destination.ok()) return ipv6 && destination.error() == EAFNOSUPPORT ? Errno(EINVAL) : destination.error();
  request.destination_address = destination.value();
  request.destination = &request.destination_address;
  return success;
}

SocketAddress as_destination(const SocketAddress& address) {
  return address.is_unspecified() ? SocketAddress::loopback(address.family, address.port) : address;
}

}  // namespace posix_sockets
