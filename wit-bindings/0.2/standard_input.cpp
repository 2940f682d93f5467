// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Standard input: apart from the rest, so that only programs that need it import it.
#include "wit-bindings/0.2/input_stream.h"
#include "wit-bindings/host.h"

namespace posix_sockets::host {
namespace {

wasi::RawHandle input_of(parts::StandardInput& part) {
  if (!part.input) part.input = decltype(part.input)(wasi::raw::wps_get_stdin());
  return part.input.borrow();
}

}  // namespace

StreamResult StandardInput::read(void* buffer, size_t size) { return read_stream(input_of(part), buffer, size); }
Source& StandardInput::readable() { return part.source.of(input_of(part), wasi::raw::wps_input_stream_subscribe); }

}  // namespace posix_sockets::host
