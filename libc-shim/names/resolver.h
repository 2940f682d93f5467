// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The host's resolver, wasi:sockets/ip-name-lookup, and name servers for what it doesn't know. Both wait for the answer.
#pragma once

#include <stddef.h>

#include "names/hosts.h"

namespace posix_sockets {

// Adds the addresses of `name`, which must be one by dns::is_host_name(), to `addresses`, in the host's order. Returns 0 or an
// EAI_ code, see look_up().
int resolve(const char* name, size_t length, Families families, AddressList& addresses);

// The name of an address. WASI has no such call: the name servers of /etc/resolv.conf are asked, if the guest may read it.
// Returns 0 or an EAI_ code: EAI_NONAME: it has no name, or nobody can be asked; EAI_AGAIN, EAI_MEMORY, EAI_SYSTEM: as
// dns::ask_for_name() says.
int resolve_address(const SocketAddress& address, Host& host);

}  // namespace posix_sockets
