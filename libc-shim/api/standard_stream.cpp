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

// wasi-libc makes EIO of all that a stream says. What it was comes from trying again: the bytes that were written after all, or
// 0 and `error`.
size_t write_again(int libc_descriptor, const iovec* vector, int count, int& error) {
  while (count != 0 && vector->iov_len == 0) ++vector, --count;
  const auto stream = libc_descriptor == STDOUT_FILENO ? host::StandardOutput::output : host::StandardOutput::error;
  const Result<size_t> written =
      count != 0 ? host::write_again(stream, vector->iov_base, vector->iov_len) : host::write_again(stream, nullptr, 0);
  error = written.error().value();
  return written.ok() ? written.value() : 0;
}

}  // namespace

ssize_t failed_write(int libc_descriptor, const iovec* vector, int count) {
  int error = errno;
  if ((error != EPIPE && error != EIO) || !is_standard(libc_descriptor)) {
    errno = error;
    return -1;
  }
  if (error == EIO) {
    const size_t written = write_again(libc_descriptor, vector, count, error);
    if (written != 0) return static_cast<ssize_t>(written);
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
