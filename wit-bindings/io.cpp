// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// wasi:io over the raw imports.
#include "wit-bindings/io.h"

#include <stdlib.h>
#include <string.h>

#include "wit-bindings/budget.h"
#include "wit-bindings/raw.h"
#include "wit-bindings/realloc.h"

#if defined(__wasm__)
// Stands beside the type information of the imports (generated/component_type.S): naming it makes the linker take that too.
extern "C" void __posix_sockets_component_type(void);
__attribute__((used)) static void (*const component_type)(void) = __posix_sockets_component_type;
#endif

namespace wasi {
namespace {

struct Spelling {
  const char* text;
  StreamStatus status;
};
// Rust's Debug of io::ErrorKind, Display of io::Error and the WIT names all occur, depending on host and direction.
constexpr Spelling spellings[] = {
    {"ConnectionReset", StreamStatus::connection_reset},
    {"connection-reset", StreamStatus::connection_reset},
    {"reset by peer", StreamStatus::connection_reset},
    {"ECONNRESET", StreamStatus::connection_reset},
    {"BrokenPipe", StreamStatus::broken_pipe},
    {"roken pipe", StreamStatus::broken_pipe},
    {"EPIPE", StreamStatus::broken_pipe},
    {"ConnectionAborted", StreamStatus::connection_reset},
    {"connection-aborted", StreamStatus::connection_reset},
    {"TimedOut", StreamStatus::timed_out},
    {"timed out", StreamStatus::timed_out},
    {"timeout", StreamStatus::timed_out},
    {"nreachable", StreamStatus::unreachable},
};

bool contains(const raw::List<char>& text, const char* part) {
  const size_t length = strlen(part);
  for (size_t i = 0; i + length <= text.length; ++i)
    if (memcmp(text.data + i, part, length) == 0) return true;
  return false;
}

// Consumes `error`.
StreamStatus status_of(const raw::StreamError& error) {
  if (error.is_closed != 0) return StreamStatus::closed;
  Handle<raw::wps_error_drop> handle(error.error);
  char room[512];
  raw::List<char> text = {};
  LentBuffer lent(room, sizeof room);
  raw::wps_error_to_debug_string(handle.borrow(), &text);
  StreamStatus status = StreamStatus::failed;
  for (const Spelling& spelling : spellings) {
    if (contains(text, spelling.text)) {
      status = spelling.status;
      break;
    }
  }
  if (text.length != 0 && !lent.contains(text.data)) free(text.data);
  return status;
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
