// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Standard output and error, as the host gave them: nobody reading them any more is SIGPIPE, as it's how a program in a
// pipeline ends.
#pragma once

#include <sys/uio.h>

namespace posix_sockets {

// After a write of `vector` by libc that failed, as errno says. Result: what write(2) returns, and errno. EPIPE: nobody reads, and
// SIGPIPE is blocked, ignored, or its handler has run. With its default action the program ends here.
ssize_t failed_write(int libc_descriptor, const iovec* vector, int count);

}  // namespace posix_sockets
