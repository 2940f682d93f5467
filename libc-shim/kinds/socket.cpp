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

Errno Socket::bind_to(const sockaddr* address, socklen_t length) {
  Result<SocketAddress> local = from_sockaddr(address, length, family_);
  if (local.error() == EAFNOSUPPORT && address->sa_family == AF_UNSPEC) {
    // The wildcard of programs that never set the family.
    local = from_sockaddr(address, length, family_, AF_UNSPEC);
    if (local.ok() && !local.value().is_unspecified()) local = Errno(EAFNOSUPPORT);
  }
  return local.ok() ? bind(local.value()) : local.error();
}

// Linux's IPv6 datagram sockets talk to IPv4 addresses in their own form, too.
bool Socket::takes_as_ipv4(const sockaddr* address, socklen_t length) const {
  return family_ == Family::ipv6 && type_ == SocketType::datagram && length >= sizeof(sa_family_t) &&
         address->sa_family == AF_INET;
}

Errno Socket::connect_to(const sockaddr* address, socklen_t length) {
  if (address->sa_family == AF_UNSPEC) return connect(nullptr);
  const bool as_ipv4 = takes_as_ipv4(address, length);
  if (as_ipv4 && options.v6_only) return EAFNOSUPPORT;
  Result<SocketAddress> remote = from_sockaddr(address, length, as_ipv4 ? Family::ipv4 : family_);
  if (remote.ok()) remote = to_family(remote.value(), family_);
  return remote.ok() ? connect(&remote.value()) : remote.error();
}

Errno Socket::local_name(sockaddr* out, socklen_t* length) {
  Result<SocketAddress> local = local_address();
  if (!local.ok()) return local.error();
  return length == nullptr ? Errno(EFAULT) : to_sockaddr(local.value(), out, length);
}

Errno Socket::remote_name(sockaddr* out, socklen_t* length) {
  Result<SocketAddress> remote = remote_address();
  if (!remote.ok()) return remote.error();
  return length == nullptr ? Errno(EFAULT) : to_sockaddr(remote.value(), out, length);
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
  const Family form = takes_as_ipv4(address, length) ? Family::ipv4 : family_;
  Result<SocketAddress> destination = from_sockaddr(address, length, form, ipv6 ? AF_INET : AF_UNSPEC);
  if (!destination.ok()) return ipv6 && destination.error() == EAFNOSUPPORT ? Errno(EINVAL) : destination.error();
  request.destination_address = to_family(destination.value(), family_);
  request.destination = &request.destination_address;
  return success;
}

SocketAddress as_destination(const SocketAddress& address) {
  return address.is_unspecified() ? SocketAddress::loopback(address.family, address.port) : address;
}

}  // namespace posix_sockets
