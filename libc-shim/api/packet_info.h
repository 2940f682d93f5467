// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// IP_PKTINFO and IPV6_PKTINFO: which of the machine's addresses a datagram came to, and is to come from.
#pragma once

#include <sys/socket.h>

#include "api/entry.h"

namespace posix_sockets {

// Where a datagram from `source` came to, in the form of the socket's family. Of a socket bound to the wildcard the host
// doesn't tell that: then it's the address that an answer leaves from.
SocketAddress arrived_at(Socket& socket, const SocketAddress& source);

// The index of the interface with that address: the loopback's, which is the only one that a guest has; 0: another.
unsigned interface_of(const SocketAddress& address);

// The address that a datagram to `destination` (null: the peer) is to come from, by control message. What it comes from anyway is
// fine; EINVAL: another can't be chosen; ENODEV: no such interface; EINVAL: too short.
Errno check_packet_info(Socket& socket, const cmsghdr& header, const SocketAddress* destination);

}  // namespace posix_sockets
