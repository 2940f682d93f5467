// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a tcp-socket tells whatever its state is.
#pragma once

#include "wit-bindings/0.2/raw.h"
#include "wit-bindings/host.h"

namespace posix_sockets::host::tcp {

using wasi::RawHandle;

Result<SocketAddress> address(RawHandle socket,
                              void (*import)(RawHandle, wasi::raw::ResultOf<wasi::raw::IpSocketAddress>*));
inline Result<SocketAddress> local_address(RawHandle socket) {
  return address(socket, wasi::raw::wps_tcp_local_address);
}
Result<uint64_t> option(RawHandle socket, Option option);
Errno set_option(RawHandle socket, Option option, uint64_t value);

}  // namespace posix_sockets::host::tcp
