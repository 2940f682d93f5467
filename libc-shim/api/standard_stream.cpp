// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "api/standard_stream.h"

#include <errno.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kinds/libc.h"
#include "wait/signals.h"
#include "wit-bindings/io.h"

namespace posix_sockets {
namespace {

// By libc's own number: those of duplicates are the same. A file that libc gave such a number has another type.
bool is_standard(int libc_descriptor) {
  if (libc_descriptor != STDOUT_FILENO && libc_descriptor != STDERR_FILENO) return false;
  struct stat status;
  return libc::fstat(libc_descriptor, &status) != 0 || (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode));
}

#ifdef __wasip2__
// wasi-libc makes EIO of all that a stream says. What it was comes from trying again: the bytes that were written after all, or
// 0 and `error`.
size_t write_again(int libc_descriptor, const iovec* vector, int count, int& error) {
  while (count != 0 && vector->iov_len == 0) ++vector, --count;
  wasi::OutputStream stream = libc_descriptor == STDOUT_FILENO ? wasi::get_stdout() : wasi::get_stderr();
  wasi::StreamResult result = stream.check_write();
  uint64_t size = 0;
  if (result.status == wasi::StreamStatus::ok && count != 0) {
    size = result.value < vector->iov_len ? result.value : vector->iov_len;
    if (size != 0) result.status = stream.write(vector->iov_base, size);
    if (result.status == wasi::StreamStatus::ok) result.status = stream.check_write().status;  // what became of it
  }
  if (result.status == wasi::StreamStatus::ok && size != 0) return size;
  const bool closed = result.status == wasi::StreamStatus::broken_pipe || result.status == wasi::StreamStatus::closed;
  error = closed ? EPIPE : EIO;
  return 0;
}
#else
// The adapter tells errors of files as they are, and EIO of a stream that has ended.
size_t write_again(int, const iovec*, int, int& error) {
  error = EPIPE;
  return 0;
}
#endif

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
