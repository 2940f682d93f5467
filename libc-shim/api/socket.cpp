// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// socket.
#include <fcntl.h>
#include <sys/socket.h>

#include "api/entry.h"
#include "api/socket_protocol.h"
#include "unix/socket.h"

WPS_HAS_OWN_ERRNO;  // ESOCKTNOSUPPORT

namespace posix_sockets {
namespace {

// The checks of Linux's __sock_create and inet_create, in their order.
Result<Socket*> create_socket(int domain, int type, int protocol) {
  constexpr int flag_mask = SOCK_NONBLOCK | SOCK_CLOEXEC;
  constexpr int type_mask = 0xf;
  if ((type & ~type_mask & ~flag_mask) != 0) return Errno(EINVAL);
  type &= type_mask;
  if (domain == AF_UNIX) return create_unix_socket(type, protocol);
  if (domain != AF_INET && domain != AF_INET6) return Errno(EAFNOSUPPORT);
  if (protocol < 0 || protocol > 262) return Errno(EINVAL);
  const Family family = domain == AF_INET ? Family::ipv4 : Family::ipv6;
  Errno error;
  switch (type) {
    case SOCK_STREAM:
      error = check_protocol(family, SocketType::stream, protocol);
      return error.ok() ? create_tcp_socket(family) : error;
    case SOCK_DGRAM:
      error = check_protocol(family, SocketType::datagram, protocol);
      return error.ok() ? create_udp_socket(family) : error;
    case SOCK_RAW:
      // As for a process without CAP_NET_RAW; without a protocol it is none.
      return Errno(protocol == 0 ? EPROTONOSUPPORT : EPERM);
    default:
      return Errno(type <= SOCK_PACKET ? ESOCKTNOSUPPORT : EINVAL);
  }
}

}  // namespace
}  // namespace posix_sockets

using namespace posix_sockets;

extern "C" {

// socket(2). Parameters: AF_INET, AF_INET6 or AF_UNIX; SOCK_STREAM or SOCK_DGRAM (AF_UNIX: or SOCK_SEQPACKET), with
// SOCK_NONBLOCK and SOCK_CLOEXEC; 0 or the matching IPPROTO_. Result: the lowest free descriptor. Errors: EAFNOSUPPORT the family isn't there; EINVAL the type or
// protocol is no number of one; EPROTONOSUPPORT it doesn't match; EPERM SOCK_RAW; EACCES the guest was
// granted no network; EMFILE; ENOMEM. Source: POSIX issue 8, socket(2); wasi:sockets/tcp-create-socket, udp-create-socket.
int WPS_ENTRY(socket)(int domain, int type, int protocol) {
  Result<Socket*> socket = create_socket(domain, type, protocol);
  if (!socket.ok()) return report(socket.error());
  socket.value()->status_flags = O_RDWR | ((type & SOCK_NONBLOCK) != 0 ? O_NONBLOCK : 0);
  return report<int>(fd::install(socket.value(), (type & SOCK_CLOEXEC) != 0));
}
}
