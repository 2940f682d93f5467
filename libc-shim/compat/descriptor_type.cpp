// What kind of file a descriptor is.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/socket.h>
#include <sys/stat.h>

extern "C" {

// Whether it is of type S_IFSOCK and so on: 1 or 0. EBADF: not open. Source: isfdtype(3).
int isfdtype(int fd, int type) {
  struct stat status;
  if (fstat(fd, &status) != 0) return -1;
  return (status.st_mode & S_IFMT) == static_cast<mode_t>(type) ? 1 : 0;
}

}  // extern "C"
