// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "api/file_transfer.h"

namespace posix_sockets {

Errno check_direction(int libc_descriptor, FileDirection direction) {
  const int flags = libc::status_flags(libc_descriptor);
  const int other = direction == FileDirection::in ? O_WRONLY : O_RDONLY;
  return flags < 0 || (flags & O_ACCMODE) == other ? EBADF : success;
}

bool is_regular_file(int libc_descriptor) {
  const int saved = errno;
  struct stat status;
  const bool regular = libc::fstat(libc_descriptor, &status) == 0 && S_ISREG(status.st_mode);
  errno = saved;
  return regular;
}

ssize_t result_of_read(int libc_descriptor, ssize_t got) {
  if (got >= 0 || (errno != EBADF && errno != EIO)) return got;
  const int told = errno;
  struct stat status;
  if (libc::fstat(libc_descriptor, &status) == 0 && S_ISDIR(status.st_mode)) return report(EISDIR);
  // wasip2's libc says EIO.
  errno = told == EIO && check_direction(libc_descriptor, FileDirection::in).ok() ? EIO : EBADF;
  return got;
}

}  // namespace posix_sockets
