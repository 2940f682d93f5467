// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The third argument of socket().
#pragma once

#include <netinet/in.h>

#include "description/socket.h"

namespace posix_sockets {

// As inet_create() and ping_init_sock() of Linux. `type` is stream or datagram.
inline Errno check_protocol(Family family, SocketType type, int protocol) {
  constexpr int most = 262;
  if (protocol < 0 || protocol > most) return EINVAL;
  if (protocol == 0 || protocol == (type == SocketType::stream ? IPPROTO_TCP : IPPROTO_UDP)) return success;
  const int ping = family == Family::ipv4 ? IPPROTO_ICMP : IPPROTO_ICMPV6;
  // As for a process whose group isn't in ping_group_range.
  return type == SocketType::datagram && protocol == ping ? EACCES : EPROTONOSUPPORT;
}

}  // namespace posix_sockets
