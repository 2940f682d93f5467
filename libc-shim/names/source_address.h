// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a guest can find out about the machine's addresses: the one that a datagram would be sent from.
#pragma once

#include "names/address_list.h"

namespace posix_sockets {

enum class SourceStatus {
  found,
  unreachable,  // the machine has no address or no route for it
  unknown,      // the host doesn't let the guest ask
};

// The local address for datagrams to `destination`. Asks the host's routing through a connected UDP socket; sends
// nothing.
SourceStatus find_source(const SocketAddress& destination, SocketAddress& source);

// Whether the machine uses that family at all, as AI_ADDRCONFIG asks: whether its loopback address can be reached. True
// if the host doesn't say.
bool is_configured(Family family);

// Sorts addresses of both families by RFC 6724; addresses of only one stay as they are. False: no memory.
[[nodiscard]] bool sort_addresses(AddressList& addresses);

}  // namespace posix_sockets
