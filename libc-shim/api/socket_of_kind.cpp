// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What <sys/socket.h> makes of socket(): where family and type are known when the program is compiled, a function that
// creates one kind alone, so that a program without the other kinds doesn't link them.
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "api/entry.h"

namespace posix_sockets {
namespace {

// The checks that are left of socket()'s.
int create_of_kind(int domain, int type, int protocol, int usual, Result<Socket*> (*create)(Family)) {
  if (protocol < 0 || protocol > 262) return report(EINVAL);
  if (protocol != 0 && protocol != usual) return report(EPROTONOSUPPORT);
  Result<Socket*> socket = create(domain == AF_INET ? Family::ipv4 : Family::ipv6);
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
  return create_of_kind(domain, type, protocol, IPPROTO_TCP, create_tcp_socket);
}
int __posix_sockets_udp(int domain, int type, int protocol) {
  return create_of_kind(domain, type, protocol, IPPROTO_UDP, create_udp_socket);
}
}
