// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reads and writes of libc's files. On Linux a regular file gives and takes all that is asked for; libc does the first
// buffer alone, and the host a portion of it.
#pragma once

#include <sys/uio.h>
#include <unistd.h>

#include "api/transfer.h"
#include "file/libc.h"

namespace posix_sockets {

bool is_regular_file(int libc_descriptor);

enum class FileDirection { in, out };

// What stands before the buffers: EBADF not open, or not for that direction.
Errno check_direction(int libc_descriptor, FileDirection direction);

// What read and its kin make of libc's: EISDIR a directory, EBADF a file that is open for writing.
ssize_t result_of_read(int libc_descriptor, ssize_t got);

// Reading into memory that isn't there: EFAULT, if there is something to read. `take` reads a byte, `put_back` undoes that.
template <class Take, class PutBack>
ssize_t read_into_nowhere(Take take, PutBack put_back) {
  char byte;
  const ssize_t got = take(&byte, 1);
  if (got <= 0) return got;
  put_back();
  return report(EFAULT);
}

// `step(base, size, done)` moves up to `size` bytes, `done` bytes into the whole, as read and write do; it works with
// libc's numbers. What was moved counts before an error that came later.
template <class Step>
ssize_t transfer_file(int libc_descriptor, const iovec* vector, int count, FileDirection direction, Step step) {
  const Result<size_t> size = check_buffers(vector, count, false);
  if (!size.ok()) {
    const Errno error = check_direction(libc_descriptor, direction);
    return report(error.ok() ? size.error() : error);
  }
  const int saved = errno;
  InsideLibc inside;
  if (size.value() == 0) return step(nullptr, 0, 0);
  bool goes_on = direction == FileDirection::out;  // what takes no more says so
  size_t done = 0;
  for (size_t offset = 0; done < size.value();) {
    if (offset == vector->iov_len) {
      ++vector;
      offset = 0;
      continue;
    }
    const ssize_t moved = step(static_cast<char*>(vector->iov_base) + offset, vector->iov_len - offset, done);
    if (moved < 0 && done == 0) return -1;
    if (moved < 0) errno = saved;
    if (moved <= 0) break;
    offset += static_cast<size_t>(moved);
    done += static_cast<size_t>(moved);
    // A pipe or a terminal has given what there is.
    goes_on = goes_on || done == size.value() || is_regular_file(libc_descriptor);
    if (!goes_on) break;
  }
  return static_cast<ssize_t>(done);
}

// A read at the file's own position. The host's stream of a file stays at the end once it has met it, also when the file
// grows; a new one, which seeking makes, doesn't.
template <class Step>
ssize_t read_file(int libc_descriptor, const iovec* vector, int count, Step step) {
  const auto step_and_renew = [&](void* base, size_t size, size_t) {
    if (base == nullptr && size != 0)
      return read_into_nowhere(step, [&] { (void)lseek(libc_descriptor, -1, SEEK_CUR); });
    const ssize_t moved = step(base, size);
    if (moved == 0 && size != 0) {
      const int saved = errno;
      const off_t here = lseek(libc_descriptor, 0, SEEK_CUR);
      // Seeking to where it is already makes none on wasip2.
      if (here >= 0 && lseek(libc_descriptor, here + 1, SEEK_SET) >= 0) (void)lseek(libc_descriptor, here, SEEK_SET);
      errno = saved;
    }
    return moved;
  };
  return transfer_file(libc_descriptor, vector, count, FileDirection::in, step_and_renew);
}

}  // namespace posix_sockets
