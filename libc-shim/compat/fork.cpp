// fork and its kin: a WASI guest is one process and can't make another.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <unistd.h>

#include "fail.h"

using posix_sockets::compat::fail;

extern "C" {

// ENOSYS: always.
pid_t fork() { return fail(ENOSYS); }
pid_t vfork() { return fail(ENOSYS); }
pid_t _Fork() { return fail(ENOSYS); }
int daemon(int, int) { return fail(ENOSYS); }

}  // extern "C"
