// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reading from an input-stream, of a connection or of standard input.
#pragma once

#include "wit-bindings/0.2/raw.h"
#include "wit-bindings/0.2/realloc.h"
#include "wit-bindings/0.2/stream_failure.h"
#include "wit-bindings/host.h"

namespace posix_sockets::host {

inline StreamResult read_stream(wasi::RawHandle input, void* buffer, size_t size) {
  wasi::raw::StreamResultOf<wasi::raw::List<uint8_t>> result = {};
  {
    wasi::LentBuffer lent(buffer, size);
    wasi::raw::wps_input_stream_read(input, size, &result);
  }
  if (result.is_error != 0) return {0, true, stream_failure(result.error)};
  return {result.value.length, false, success};
}

}  // namespace posix_sockets::host
