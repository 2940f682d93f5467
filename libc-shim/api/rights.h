// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Control messages. There is one kind: SCM_RIGHTS of AF_UNIX sockets, which hands over descriptors.
#pragma once

#include <sys/socket.h>

#include "api/entry.h"

namespace posix_sockets {

// Reads the control messages of what is to be sent. EINVAL: one that can't be honoured, or is malformed; EBADF; EFAULT; ENOMEM.
Errno read_control(Socket& socket, const msghdr& message, SendRequest& request);

// Gives the descriptors that came along numbers, and tells them; msg_controllen becomes what is used of it. Those without
// room for their numbers are closed, and MSG_CTRUNC is set.
void write_control(ReceiveRequest& request, msghdr& message);

}  // namespace posix_sockets
