// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Short names of a user's own: the file that the environment's HOSTALIASES names (hostname(7)).
#pragma once

#include <stddef.h>

namespace posix_sockets {

// Writes what stands for a name without a dot, in any case, to `alias` of `size` bytes. False: nothing does.
bool find_host_alias(const char* name, char* alias, size_t size);

}  // namespace posix_sockets
