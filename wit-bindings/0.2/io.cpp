// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// wasi:io over the raw imports.
#include "wit-bindings/0.2/io.h"

#include "wit-bindings/0.2/budget.h"
#include "wit-bindings/0.2/raw.h"
#include "wit-bindings/0.2/realloc.h"
#include "wit-bindings/0.2/stream_failure.h"

#if defined(__wasm__)
// Stands beside the type information of the imports (generated/component_type.S): naming it makes the linker take that too.
extern "C" void __posix_sockets_component_type(void);
__attribute__((used)) static void (*const component_type)(void) = __posix_sockets_component_type;
#endif

namespace wasi {
namespace {

StreamStatus status_of(const raw::StreamError& error) {
  switch (posix_sockets::host::stream_failure(error).value()) {
    case 0:
      return StreamStatus::closed;
    case ECONNRESET:
      return StreamStatus::connection_reset;
    case EPIPE:
      return StreamStatus::broken_pipe;
    case ETIMEDOUT:
      return StreamStatus::timed_out;
    case EHOSTUNREACH:
      return StreamStatus::unreachable;
    default:
      return StreamStatus::failed;
  }
}

}  // namespace

size_t poll(const RawHandle* pollables, size_t count, uint32_t* ready) {
  raw::List<uint32_t> result = {};
  LentBuffer lent(ready, count * sizeof *ready);
  raw::wps_poll(pollables, count, &result);
  budget_spent += static_cast<unsigned>(count);  // asking takes, too
  told_ready += static_cast<unsigned>(result.length);
  return result.length;
}

bool is_ready(RawHandle pollable) {
  const bool ready = raw::wps_pollable_ready(pollable) != 0;
  told_ready += ready;
  return ready;
}

StreamResult InputStream::read(void* buffer, size_t size) {
  raw::StreamResultOf<raw::List<uint8_t>> result = {};
  {
    LentBuffer lent(buffer, size);
    raw::wps_input_stream_read(borrow(), size, &result);
  }
  if (result.is_error != 0) return {status_of(result.error), 0};
  return {StreamStatus::ok, result.value.length};
}

Pollable InputStream::subscribe() const { return Pollable(raw::wps_input_stream_subscribe(borrow())); }

StreamResult OutputStream::check_write() {
  raw::StreamResultOf<uint64_t> result = {};
  raw::wps_output_stream_check_write(borrow(), &result);
  if (result.is_error != 0) return {status_of(result.error), 0};
  if (result.value != 0) count_success();
  return {StreamStatus::ok, result.value};
}

StreamStatus OutputStream::write(const void* data, size_t size) {
  raw::StreamResultUnit result = {};
  raw::wps_output_stream_write(borrow(), static_cast<const uint8_t*>(data), size, &result);
  return result.is_error != 0 ? status_of(result.error) : StreamStatus::ok;
}

Pollable OutputStream::subscribe() const { return Pollable(raw::wps_output_stream_subscribe(borrow())); }

}  // namespace wasi
