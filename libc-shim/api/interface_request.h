// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The requests of netdevice(7).
#pragma once

#include "description/socket.h"

namespace posix_sockets {

// ENOTTY: none of them.
Errno interface_request(Family family, unsigned long request, void* argument);

}  // namespace posix_sockets
