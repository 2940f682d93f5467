// builds: native wasi
// A program may have functions of names that wasi-libc's <dirent.h> takes and Linux's doesn't, as gnulib has.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

DIR* opendirat(int directory, const char* path, int flags, int* fd);
DIR* opendirat(int directory, const char* path, int flags, int* fd) {
  *fd = directory + flags;
  return opendir(path);
}

int main(int argc, char** argv) {
  int fd;
  DIR* directory = opendirat(1, argv[argc - 1], 2, &fd);
  CHECK(directory != NULL && fd == 3 && readdir(directory) != NULL);
  CHECK(closedir(directory) == 0);

  // A stream over a duplicate leaves the first number open, as removing a tree needs.
  const int first = open(argv[argc - 1], O_RDONLY | O_DIRECTORY);
  const int second = dup(first);
  struct stat status;
  directory = fdopendir(second);
  CHECK(directory != NULL && dirfd(directory) == second && readdir(directory) != NULL);
  CHECK(closedir(directory) == 0);
  CHECK(fstatat(first, ".", &status, 0) == 0 && S_ISDIR(status.st_mode));
  FAILS(fcntl(second, F_GETFL), EBADF);
  CHECK(close(first) == 0);
  FAILS(close(first), EBADF);
  FILE* file = tmpfile();
  CHECK(file != NULL && fdopendir(dup(fileno(file))) == NULL && errno == ENOTDIR);
  return done();
}
