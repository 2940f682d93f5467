// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Control messages: SCM_RIGHTS of AF_UNIX sockets, which hands over descriptors, SCM_TIMESTAMP and IP_PKTINFO of datagrams.
#pragma once

#include <sys/socket.h>

#include "api/entry.h"

namespace posix_sockets {

// Reads the control messages of what is to be sent. EINVAL: one that can't be honoured, or is malformed; EBADF; EFAULT; ENOMEM.
Errno read_control(Socket& socket, const msghdr& message, SendRequest& request);

// Tells when data were taken, if SO_TIMESTAMP is on, and where a datagram came to, if IP_PKTINFO or IPV6_RECVPKTINFO is; gives
// the descriptors that came along numbers, and tells them. `received`: bytes. msg_controllen becomes what is used of it.
// Descriptors without room for their numbers are closed. MSG_CTRUNC is set if something found no room.
void write_control(Socket& socket, ReceiveRequest& request, size_t received, msghdr& message);

}  // namespace posix_sockets
