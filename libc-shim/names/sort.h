// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The order in which a program should try the addresses of a name: RFC 6724 section 6.
#pragma once

#include <stddef.h>

#include "names/policy.h"

namespace posix_sockets {

struct Candidate {
  SocketAddress destination;
  SocketAddress source;    // the local address that packets to it would carry
  bool reachable = false;  // whether there is such a source
};

// Sorts the best first; what the rules don't tell apart keeps its order. As glibc does, without the rules that a guest knows
// nothing for: 3 (deprecated sources), 4 (home addresses) and 7 (encapsulating transports). Rule 9 counts for IPv4 only within
// the source's own network, for elsewhere it would undo the round robin of servers. False: no memory.
bool sort_destinations(Candidate* candidates, size_t count, const Policy& policy = default_policy);

}  // namespace posix_sockets
