// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What stat says of libc's files.
#pragma once

#include <sys/stat.h>
#include <unistd.h>

namespace posix_sockets {

// Fills in what WASI doesn't tell and programs count on, as Linux does on file systems that don't keep it, such as vfat:
// permissions, the owner (the guest itself), the size of a block and the number of them. A standard stream of which it tells no
// type is taken for a pipe.
inline void complete_status(struct stat& status) {
  if ((status.st_mode & S_IFMT) == 0) status.st_mode |= S_IFIFO;
  if ((status.st_mode & 07777) == 0) {
    if (S_ISDIR(status.st_mode)) status.st_mode |= 0755;
    if (S_ISREG(status.st_mode)) status.st_mode |= 0644;
    if (S_ISLNK(status.st_mode)) status.st_mode |= 0777;
    if (S_ISCHR(status.st_mode) || S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode)) status.st_mode |= 0600;
  }
  if (status.st_uid == 0 && status.st_gid == 0) {
    status.st_uid = getuid();
    status.st_gid = getgid();
  }
  if (status.st_blksize == 0) status.st_blksize = 4096;
  if (status.st_blocks == 0 && status.st_size > 0) status.st_blocks = (status.st_size + 4095) / 4096 * 8;
}

}  // namespace posix_sockets
