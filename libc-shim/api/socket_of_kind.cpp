// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What <sys/socket.h> makes of socket(): where family and type are known when the program is compiled, a function that
// creates one kind alone, so that a program without the other kinds doesn't link them.
#include <fcntl.h>
#include <sys/socket.h>

#include "api/entry.h"
#include "api/socket_protocol.h"

namespace posix_sockets {
namespace {

// The checks that are left of socket()'s.
int create_of_kind(int domain, int type, int protocol, SocketType kind, Result<Socket*> (*create)(Family)) {
  const Family family = domain == AF_INET ? Family::ipv4 : Family::ipv6;
  const Errno error = check_protocol(family, kind, protocol);
  if (!error.ok()) return report(error);
  Result<Socket*> socket = create(family);
  if (!socket.ok()) return report(socket.error());
  socket.value()->status_flags = O_RDWR | ((type & SOCK_NONBLOCK) != 0 ? O_NONBLOCK : 0);
  return report<int>(fd::install(socket.value(), (type & SOCK_CLOEXEC) != 0));
}

}  // namespace
}  // namespace posix_sockets

using namespace posix_sockets;

extern "C" {

int WPS_ENTRY(socket)(int, int, int);
int __posix_sockets_any(int domain, int type, int protocol) { return WPS_ENTRY(socket)(domain, type, protocol); }

int __posix_sockets_tcp(int domain, int type, int protocol) {
  return create_of_kind(domain, type, protocol, SocketType::stream, create_tcp_socket);
}
int __posix_sockets_udp(int domain, int type, int protocol) {
  return create_of_kind(domain, type, protocol, SocketType::datagram, create_udp_socket);
}
}
