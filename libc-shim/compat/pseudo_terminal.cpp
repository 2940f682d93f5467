// Pseudo-terminals: WASI has none.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <pty.h>
#include <stdlib.h>
#include <utmp.h>

#include "fail.h"

using posix_sockets::compat::fail;
using posix_sockets::compat::fail_on_descriptor;

extern "C" {

// ENOSYS: always.
int openpty(int*, int*, char*, const struct termios*, const struct winsize*) { return fail(ENOSYS); }
int forkpty(int*, char*, const struct termios*, const struct winsize*) { return fail(ENOSYS); }
int posix_openpt(int) { return fail(ENOSYS); }

// EBADF: not open. ENOTTY: else.
int grantpt(int fd) { return fail_on_descriptor(fd, ENOTTY); }
int unlockpt(int fd) { return fail_on_descriptor(fd, ENOTTY); }
int login_tty(int fd) { return fail_on_descriptor(fd, ENOTTY); }
char* ptsname(int fd) {
  fail_on_descriptor(fd, ENOTTY);
  return nullptr;
}

// Returns what the others set.
int ptsname_r(int fd, char*, size_t) {
  fail_on_descriptor(fd, ENOTTY);
  return errno;
}

}  // extern "C"
