// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which of the machine's addresses a datagram would be sent from.
#pragma once

#include "support/address.h"

namespace posix_sockets {

enum class SourceStatus {
  found,
  unreachable,  // the machine has no address or no route for it
  unknown,      // the host doesn't let the guest ask
};

// The local address for datagrams to `destination`. Asks the host's routing through a connected UDP socket; sends
// nothing.
SourceStatus find_source(const SocketAddress& destination, SocketAddress& source);

}  // namespace posix_sockets
