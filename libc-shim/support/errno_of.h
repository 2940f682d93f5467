// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// wasi:sockets error-code to errno, once. Operations whose meaning of a code differs say so where they call this.
#pragma once

#include "support/result.h"
#include "wit-bindings/error_code.h"

namespace posix_sockets {

Errno errno_of(wasi::ErrorCode code);

// The same of what somebody answered to a SYN or a datagram (ICMP), where the host says more than one thing with one code.
Errno errno_of_answer(wasi::ErrorCode code);

// The same of a call that makes a host socket, or accepts one. A host has no code for its having no descriptor left, and says
// `unknown`; hardly anything else can go wrong there.
Errno errno_of_new_socket(wasi::ErrorCode code);

}  // namespace posix_sockets
