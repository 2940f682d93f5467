// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "description/verbs.h"

namespace posix_sockets::verbs {

Errno bind(Socket& socket, const sockaddr* address, socklen_t length) {
  if (socket.family() == Family::unix_domain) return socket.bind_to(address, length);
  Result<SocketAddress> local = from_sockaddr(address, length, socket.family());
  if (local.error() == EAFNOSUPPORT && address->sa_family == AF_UNSPEC) {
    // The wildcard of programs that never set the family.
    local = from_sockaddr(address, length, socket.family(), AF_UNSPEC);
    if (local.ok() && !local.value().is_unspecified()) local = Errno(EAFNOSUPPORT);
  }
  if (!local.ok()) return local.error();
  if (local.value().lacks_scope()) return EINVAL;
  TcpSocket* tcp = as_tcp(socket);
  return tcp != nullptr ? tcp->tcp_bind(local.value()) : socket.bind(local.value());
}

Errno connect(Socket& socket, const sockaddr* address, socklen_t length) {
  TcpSocket* tcp = as_tcp(socket);
  return tcp != nullptr ? tcp->tcp_connect_to(address, length) : socket.connect_to(address, length);
}

Errno local_name(Socket& socket, sockaddr* out, socklen_t* length) {
  if (socket.family() == Family::unix_domain) return socket.local_name(out, length);
  TcpSocket* tcp = as_tcp(socket);
  Result<SocketAddress> local = tcp != nullptr ? tcp->tcp_local_address() : socket.local_address();
  if (!local.ok()) return local.error();
  return length == nullptr ? Errno(EFAULT) : to_sockaddr(local.value(), out, length);
}

Errno remote_name(Socket& socket, sockaddr* out, socklen_t* length) {
  if (socket.family() == Family::unix_domain) return socket.remote_name(out, length);
  TcpSocket* tcp = as_tcp(socket);
  Result<SocketAddress> remote = tcp != nullptr ? tcp->tcp_remote_address() : socket.remote_address();
  if (!remote.ok()) return remote.error();
  return length == nullptr ? Errno(EFAULT) : to_sockaddr(remote.value(), out, length);
}

}  // namespace posix_sockets::verbs
