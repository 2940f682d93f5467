// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What can be asked of a TCP socket in each of its states.
#pragma once

#include "support/result.h"
#include "wit-bindings/0.3/address.h"
#include "wit-bindings/host.h"

namespace posix_sockets::host::tcp {

Result<SocketAddress> local_address(wasi3::RawHandle socket);
Result<uint64_t> option(wasi3::RawHandle socket, Option option);
Errno set_option(wasi3::RawHandle socket, Option option, uint64_t value);

}  // namespace posix_sockets::host::tcp
