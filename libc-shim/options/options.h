// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// getsockopt and setsockopt over the table in options.def.
#pragma once

#include <sys/socket.h>

#include "description/socket.h"

namespace posix_sockets::options {

// Value-result as Linux has it: at most *length bytes are written, *length becomes the size of the value where it was longer.
// ENOPROTOOPT: no such option for this socket; EINVAL: *length is negative; EFAULT.
Errno get(Socket& socket, int level, int name, void* value, socklen_t* length);

// ENOPROTOOPT; EINVAL: too short, or out of range; EDOM: microseconds out of range; EFAULT.
Errno set(Socket& socket, int level, int name, const void* value, socklen_t length);

}  // namespace posix_sockets::options
