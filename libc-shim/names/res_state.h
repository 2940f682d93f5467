// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <netdb.h>
#include <resolv.h>

namespace posix_sockets {

// Initialises the state if it wasn't. False: no memory; h_errno says so.
bool ready(res_state state);

}  // namespace posix_sockets
