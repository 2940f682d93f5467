// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "api/standard_stream.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "wait/signals.h"
#include "wit-bindings/host.h"

namespace posix_sockets {
namespace {

// By libc's own number: those of duplicates are the same. A file that libc gave such a number since has no reader to lose; to
// ask which it is would cost every program kilobytes.
bool is_standard(int libc_descriptor) { return libc_descriptor == STDOUT_FILENO || libc_descriptor == STDERR_FILENO; }

}  // namespace

ssize_t failed_write(int libc_descriptor, const iovec* vector, int count) {
  int error = errno;
  if ((error != EPIPE && error != EIO) || !is_standard(libc_descriptor)) {
    errno = error;
    return -1;
  }
  if (error == EIO) {
    // wasi-libc makes EIO of all that a stream says. What it was comes from trying again.
    const auto stream = libc_descriptor == STDOUT_FILENO ? host::StandardOutput::output : host::StandardOutput::error;
    const Result<size_t> written = host::write_again(stream, vector, count);
    if (written.ok()) return static_cast<ssize_t>(written.value());
    error = written.error().value();
  }
  if (error == EPIPE) {
    // Without anybody who knows of signals it's the default.
    if (signal_keeper == nullptr) _exit(exit_status_of(SIGPIPE));
    signal_keeper->send(SIGPIPE);
  }
  errno = error;
  return -1;
}

}  // namespace posix_sockets
