// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The host's resolver, wasi:sockets/ip-name-lookup. Waits for the answer.
#pragma once

#include <stddef.h>

#include "names/hosts.h"

namespace posix_sockets {

// Adds the addresses of `name` to `addresses`, in the host's order. Returns 0 or an EAI_ code, see look_up().
int resolve(const char* name, size_t length, Families families, AddressList& addresses);

// The names of an address. WASI has no such call: EAI_NONAME.
int resolve_address(const SocketAddress& address, Host& host);

}  // namespace posix_sockets
