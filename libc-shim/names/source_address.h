// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a guest can find out about the machine's addresses: the one that a datagram would be sent from.
#pragma once

#include "names/address_list.h"
#include "names/policy.h"
#include "udp/find_source.h"

namespace posix_sockets {

// Whether the machine uses that family at all, as AI_ADDRCONFIG asks: whether its loopback address can be reached. True
// if the host doesn't say.
bool is_configured(Family family);

// Sorts addresses by RFC 6724. False: no memory.
[[nodiscard]] bool sort_addresses(AddressList& addresses, const Policy& policy);

}  // namespace posix_sockets
