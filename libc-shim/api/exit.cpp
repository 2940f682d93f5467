// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The end of a program: no byte that send() accepted is lost, and the exit status reaches whoever started the guest.
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "api/entry.h"
#include "kinds/libc.h"
#include "kinds/tcp_socket.h"

extern "C" {
[[noreturn]] void WPS_REAL(_Exit)(int);
void WPS_REAL(__wasm_call_dtors)(void);
int WPS_REAL(__main_void)(void);
}

namespace posix_sockets {
namespace {

void drain_everything() {
  fd::drain_all(Deadline{});
  drain_lingering(Deadline{});
}

// WASI 0.2 knows success and failure only. wasi-posix-run names a file for the rest of the truth.
void report_status(int status) {
  const char* path = getenv("WASI_POSIX_EXIT_STATUS");
  if (path == nullptr) return;
  const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (file < 0) return;
  char text[4];
  size_t length = 0;
  status &= 0xff;
  for (int divisor = 100; divisor != 0; divisor /= 10)
    if (status >= divisor || divisor == 1) text[length++] = static_cast<char>('0' + status / divisor % 10);
  (void)write(file, text, length);
  close(file);
}

}  // namespace
}  // namespace posix_sockets

using namespace posix_sockets;

extern "C" {

// _Exit(3p), which exit() and a main() that returns non-zero come down to.
[[noreturn]] void WPS_ENTRY(_Exit)(int status) {
  drain_everything();
  status &= 0xff;  // all that a parent ever sees
  if (status > 1) report_status(status);
  WPS_REAL(_Exit)(status);
}

[[noreturn]] void WPS_ENTRY(_exit)(int status) { WPS_ENTRY(_Exit)(status); }

// The start code hands a status that main() returned straight to the host.
int WPS_ENTRY(__main_void)(void) {
  const int status = WPS_REAL(__main_void)() & 0xff;
  if (status > 1) report_status(status);
  return status;
}

// Run by the start code after main() has returned 0; exit() runs libc's own handlers and goes on to _Exit(). Flushing
// stdio may send on sockets, so draining comes after it.
void WPS_ENTRY(__wasm_call_dtors)(void) {
  WPS_REAL(__wasm_call_dtors)();
  drain_everything();
}
}
