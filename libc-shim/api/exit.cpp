// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A program's start, which tells it its name, and its end: no byte that send() accepted is lost, and the exit status reaches whoever started the guest.
#include <errno.h>
#include <string.h>

#include "api/entry.h"
#include "wit-bindings/host.h"

extern "C" {
[[noreturn]] void WPS_REAL(_Exit)(int);
WPS_TAKE_FROM_LIBC(_Exit)
void WPS_REAL(__wasm_call_dtors)(void);
int WPS_REAL(__main_void)(void);
// Weak, as a program whose main() takes no arguments has none.
__attribute__((weak)) int WPS_REAL(__main_argc_argv)(int, char**);
}

namespace posix_sockets {
namespace {

void drain_everything() { fd::drain_all(); }

}  // namespace
}  // namespace posix_sockets

using namespace posix_sockets;

extern "C" {

// _Exit(3p), which exit() and a main() that returns non-zero come down to.
[[noreturn]] void WPS_ENTRY(_Exit)(int status) {
  drain_everything();
  status &= 0xff;  // all that a parent ever sees
  host::end(status);
  WPS_REAL(_Exit)(status);
}

[[noreturn]] void WPS_ENTRY(_exit)(int status) { WPS_ENTRY(_Exit)(status); }

// main() with arguments. wasi-libc leaves GNU's names of the program unset.
int WPS_ENTRY(__main_argc_argv)(int count, char** words) {
  if (count > 0) {
    program_invocation_name = words[0];
    char* slash = strrchr(words[0], '/');
    program_invocation_short_name = slash != nullptr ? slash + 1 : words[0];
  }
  return WPS_REAL(__main_argc_argv)(count, words);
}

// The start code hands a status that main() returned straight to the host.
int WPS_ENTRY(__main_void)(void) {
  static char unknown[] = "";
  program_invocation_name = program_invocation_short_name = unknown;
  const int status = WPS_REAL(__main_void)() & 0xff;
  host::note_status(status);
  return status;
}

// Run by the start code after main() has returned 0; exit() runs libc's own handlers and goes on to _Exit(). Flushing
// stdio may send on sockets, so draining comes after it.
void WPS_ENTRY(__wasm_call_dtors)(void) {
  WPS_REAL(__wasm_call_dtors)();
  drain_everything();
}
}
