// Calls with nothing behind them in a guest, each of its own kind.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <stropts.h>
#include <sys/sysinfo.h>
#include <sys/timex.h>
#include <unistd.h>

#include "fail.h"
#include "support/pointer.h"

using posix_sockets::accessible;
using posix_sockets::compat::fail;
using posix_sockets::compat::fail_on_descriptor;

extern "C" {

// No program of WASI gains rights by being started, so that the environment is always to be trusted.
char* secure_getenv(const char* name) { return getenv(name); }

// Returns 0: not a STREAM, as always on Linux. EBADF: not open.
int isastream(int fd) { return fail_on_descriptor(fd, EBADF) == -1 && fcntl(fd, F_GETFL) >= 0 ? 0 : -1; }

// EFAULT. EPERM: to set anything. ENOSYS: else.
int adjtimex(struct timex* clock) { return fail(!accessible(clock) ? EFAULT : clock->modes != 0 ? EPERM : ENOSYS); }
int clock_adjtime(clockid_t, struct timex* clock) { return adjtimex(clock); }

// ENOSYS: always.
int sysinfo(struct sysinfo*) { return fail(ENOSYS); }

// The empty name: nobody is known to run the program.
char* cuserid(char* name) {
  static char own_name[L_cuserid];
  char* result = name != nullptr ? name : own_name;
  *result = '\0';
  return result;
}

}  // extern "C"
