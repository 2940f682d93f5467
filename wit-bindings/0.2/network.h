// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// wasi:sockets/network: the network capability, and the conversion of addresses to and from their canonical form.
#pragma once

#include "support/address.h"
#include "wit-bindings/0.2/error_code.h"
#include "wit-bindings/0.2/handle.h"

namespace wasi {

namespace raw {
struct IpSocketAddress;
struct FlatAddress;
}  // namespace raw

using posix_sockets::Family;
using posix_sockets::SocketAddress;

// instance-network, asked for once and kept for the life of the program.
RawHandle instance_network();

SocketAddress from_wit(const raw::IpSocketAddress& address);
raw::FlatAddress flatten(const SocketAddress& address);
void to_wit(const SocketAddress& address, raw::IpSocketAddress& out);

}  // namespace wasi
