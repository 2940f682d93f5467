// builds: native wasi
// What programs ask of stat before they read a file: who may, and in what portions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

static void is_usual(const struct stat* status, mode_t type, mode_t rights) {
  CHECK((status->st_mode & S_IFMT) == type && (status->st_mode & rights) == rights);
  CHECK(status->st_uid == getuid() && status->st_gid == getgid());
  CHECK(status->st_blksize >= 512);
}

int main(int argc, char** argv) {
  char path[256];
  CHECK(argc == 2 && snprintf(path, sizeof path, "%s/status", argv[1]) > 0);
  umask(022);
  const int file = open(path, O_CREAT | O_RDWR | O_TRUNC, 0644);
  struct stat status;
  CHECK(write(file, "0123456789", 10) == 10 && fsync(file) == 0);
  CHECK(fstat(file, &status) == 0);
  is_usual(&status, S_IFREG, 0644);
  CHECK((status.st_mode & 0133) == 0 && status.st_size == 10 && status.st_blocks > 0);
  CHECK(stat(path, &status) == 0);
  is_usual(&status, S_IFREG, 0644);
  CHECK(fstatat(AT_FDCWD, path, &status, 0) == 0);
  is_usual(&status, S_IFREG, 0644);
  CHECK(unlink(path) == 0 && symlink("nowhere", path) == 0 && lstat(path, &status) == 0);
  is_usual(&status, S_IFLNK, 0777);
  FAILS(stat(path, &status), ENOENT);
  CHECK(unlink(path) == 0 && mkdir(path, 0755) == 0 && stat(path, &status) == 0);
  is_usual(&status, S_IFDIR, 0755);
  CHECK(rmdir(path) == 0);
  return done();
}
