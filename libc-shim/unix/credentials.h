// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What AF_UNIX tells about its peers, which are all the process itself.
#pragma once

#include <sys/socket.h>

namespace posix_sockets {

ucred own_credentials();

}  // namespace posix_sockets
