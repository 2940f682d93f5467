// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// socketpair.
#include <fcntl.h>
#include <sys/socket.h>

#include "api/pair.h"
#include "api/socket_protocol.h"
#include "unix/socket.h"

namespace posix_sockets {
namespace {

// The kernel makes two sockets of the family first, and says only then that they can't be a pair.
Errno no_pair(int domain, int type, int protocol) {
  const Family family = domain == AF_INET ? Family::ipv4 : Family::ipv6;
  if (type != SOCK_STREAM && type != SOCK_DGRAM) {
    if (type == SOCK_RAW) return protocol == 0 ? EPROTONOSUPPORT : EPERM;
    return type <= SOCK_PACKET ? ESOCKTNOSUPPORT : EINVAL;
  }
  const Errno error = check_protocol(family, type == SOCK_STREAM ? SocketType::stream : SocketType::datagram, protocol);
  return error.ok() ? Errno(EOPNOTSUPP) : error;
}

}  // namespace
}  // namespace posix_sockets

using namespace posix_sockets;

extern "C" {

// socketpair(2). Parameters: AF_UNIX; SOCK_STREAM, SOCK_DGRAM or SOCK_SEQPACKET, with SOCK_NONBLOCK and SOCK_CLOEXEC; 0 or
// PF_UNIX. Errors: EAFNOSUPPORT not a family; EOPNOTSUPP a family without pairs; ESOCKTNOSUPPORT, EPROTONOSUPPORT; EPERM SOCK_RAW; EINVAL
// the type is no number of one; EFAULT; EMFILE; ENOMEM. Source: POSIX issue 8, socketpair(2), unix(7).
int socketpair(int family, int type, int protocol, int ends[2]) {
  constexpr int flag_mask = SOCK_NONBLOCK | SOCK_CLOEXEC;
  constexpr int type_mask = 0xf;
  if ((type & ~type_mask & ~flag_mask) != 0) return report(EINVAL);
  if (!accessible(ends, 2 * sizeof(int))) return report(EFAULT);
  if (family == AF_INET || family == AF_INET6) return report(no_pair(family, type & type_mask, protocol));
  if (family != AF_UNIX) return report(EAFNOSUPPORT);
  Result<Socket*> first = create_unix_socket(type & type_mask, protocol);
  if (!first.ok()) return report(first.error());
  Result<Socket*> second = create_unix_socket(type & type_mask, protocol);
  if (!second.ok()) {
    first.value()->release();
    return report(second.error());
  }
  pair_unix_sockets(*first.value(), *second.value());
  const int status_flags = O_RDWR | ((type & SOCK_NONBLOCK) != 0 ? O_NONBLOCK : 0);
  first.value()->status_flags = status_flags;
  second.value()->status_flags = status_flags;
  return report(install_pair(first.value(), second.value(), (type & SOCK_CLOEXEC) != 0, ends));
}
}
