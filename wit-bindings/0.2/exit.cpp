// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The exit status. WASI 0.2 knows success and failure only. wasi-posix-run grants a folder for the rest of the truth, which is the name
// of a folder in it: to open a file and write to it would be code of several kilobytes in every program.
#include <sys/stat.h>

#include "wit-bindings/host.h"

namespace posix_sockets::host {

[[gnu::noinline]] void note_status(int status) {
  if (status <= 1) return;
  char path[] = "/.wasi-posix-run/000";
  for (char* digit = path + sizeof path - 2; status != 0; status /= 10) *digit-- = static_cast<char>('0' + status % 10);
  (void)mkdir(path, 0700);  // elsewhere there is no such folder
}

void end(int status) { note_status(status); }

}  // namespace posix_sockets::host
