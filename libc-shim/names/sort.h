// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The order in which a program should try the addresses of a name: RFC 6724 section 6.
#pragma once

#include <stddef.h>

#include "support/address.h"

namespace posix_sockets {

struct Candidate {
  SocketAddress destination;
  SocketAddress source;    // the local address that packets to it would carry
  bool reachable = false;  // whether there is such a source
};

// Sorts the best first; what the rules don't tell apart keeps its order. Without the rules that a guest knows nothing
// for: 3 (deprecated sources), 4 (home addresses) and 7 (encapsulating transports). Rule 9 is left to IPv6, as most
// implementations do, for it would undo the round robin of IPv4 servers.
void sort_destinations(Candidate* candidates, size_t count);

}  // namespace posix_sockets
