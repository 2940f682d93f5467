// Running a shell command: there is no shell and no process to run it in.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <stdio.h>
#include <stdlib.h>

#include "fail.h"

using posix_sockets::compat::fail;

extern "C" {

// Null asks whether there is a shell: 0, no. ENOSYS: any command.
int system(const char* command) { return command == nullptr ? 0 : fail(ENOSYS); }

// ENOSYS: always.
FILE* popen(const char*, const char*) {
  errno = ENOSYS;
  return nullptr;
}

// ECHILD: no stream comes from popen, so none has a child to wait for; the stream is left alone.
int pclose(FILE*) { return fail(ECHILD); }

}  // extern "C"
