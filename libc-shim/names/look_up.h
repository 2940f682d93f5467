// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Names to addresses and back: /etc/hosts, then what is fixed by standards, then the host's resolver with the search list of
// /etc/resolv.conf, and its name servers for names that the host knows nothing of, and for the way back.
#pragma once

#include "names/hosts.h"

namespace posix_sockets {

// Looks a name up that isn't numeric. Gives the addresses, which are still to be sorted unless host.in_order, and the host's
// names. Returns 0 or an EAI_ code: EAI_NONAME: no such name, or not a name; EAI_NODATA: it has no address of these
// families; EAI_AGAIN, EAI_FAIL: the resolver's temporary or permanent failure, the latter also when the host forbids
// look-ups; EAI_MEMORY: no memory; EAI_SYSTEM: another failure of the host, in errno, EACCES if it forbids look-ups
// that way.
int look_up(const char* name, Families families, Host& host);

// Looks the names of an address up. Returns 0 or an EAI_ code: EAI_NONAME if it has no name as far as the guest can know;
// others as resolve_address() says.
int look_up_address(const SocketAddress& address, Host& host);

}  // namespace posix_sockets
