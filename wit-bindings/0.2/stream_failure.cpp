// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "wit-bindings/0.2/stream_failure.h"

#include <stdlib.h>
#include <string.h>

#include "wit-bindings/0.2/realloc.h"

namespace posix_sockets::host {
namespace {

struct Spelling {
  const char* text;
  int error;
};
// Rust's Debug of io::ErrorKind, Display of io::Error and the WIT names all occur, depending on host and direction.
constexpr Spelling spellings[] = {
    {"ConnectionReset", ECONNRESET},
    {"connection-reset", ECONNRESET},
    {"reset by peer", ECONNRESET},
    {"ECONNRESET", ECONNRESET},
    {"BrokenPipe", EPIPE},
    {"roken pipe", EPIPE},
    {"EPIPE", EPIPE},
    {"ConnectionAborted", ECONNRESET},
    {"connection-aborted", ECONNRESET},
    {"TimedOut", ETIMEDOUT},
    {"timed out", ETIMEDOUT},
    {"timeout", ETIMEDOUT},
    {"nreachable", EHOSTUNREACH},
};

bool contains(const wasi::raw::List<char>& text, const char* part) {
  const size_t length = strlen(part);
  for (size_t i = 0; i + length <= text.length; ++i)
    if (memcmp(text.data + i, part, length) == 0) return true;
  return false;
}

}  // namespace

Errno stream_failure(const wasi::raw::StreamError& error) {
  if (error.is_closed != 0) return success;
  wasi::Handle<wasi::raw::wps_error_drop> handle(error.error);
  char room[512];
  wasi::raw::List<char> text = {};
  wasi::LentBuffer lent(room, sizeof room);
  wasi::raw::wps_error_to_debug_string(handle.borrow(), &text);
  Errno cause = EIO;
  for (const Spelling& spelling : spellings) {
    if (contains(text, spelling.text)) {
      cause = spelling.error;
      break;
    }
  }
  if (text.length != 0 && !lent.contains(text.data)) free(text.data);
  return cause;
}

}  // namespace posix_sockets::host
