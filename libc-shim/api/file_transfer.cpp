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

}  // namespace posix_sockets
