// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a stream says when it fails.
#pragma once

#include "support/result.h"
#include "wit-bindings/0.2/raw.h"

namespace posix_sockets::host {

// Consumes the error. Success: the stream's regular end. EIO: its host's words for the cause aren't known here.
Errno stream_failure(const wasi::raw::StreamError& error);

}  // namespace posix_sockets::host
