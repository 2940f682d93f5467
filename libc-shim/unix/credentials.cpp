// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "unix/credentials.h"

#include <unistd.h>

// Weak, since it's in a library of wasi-libc's that not every program links. Who doesn't has no number to compare.
extern "C" [[gnu::weak]] pid_t getpid();

namespace posix_sockets {

ucred own_credentials() { return {getpid != nullptr ? getpid() : 1, getuid(), getgid()}; }

}  // namespace posix_sockets
