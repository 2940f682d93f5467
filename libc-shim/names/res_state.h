// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <netdb.h>
#include <resolv.h>

namespace posix_sockets {

// Initialises the state if it wasn't. False: no memory; h_errno says so.
bool ready(res_state state);

// The domains behind those that the state has room for, of the last resolv.conf that was read into one like it; a list of words.
const char* further_domains(const struct __res_state& state);

}  // namespace posix_sockets
