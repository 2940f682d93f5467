// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// wasi:sockets error-code to errno, once. Operations whose meaning of a code differs say so where they call this.
#pragma once

#include "support/result.h"
#include "wit-bindings/error_code.h"

namespace posix_sockets {

Errno errno_of(wasi::ErrorCode code);

}  // namespace posix_sockets
