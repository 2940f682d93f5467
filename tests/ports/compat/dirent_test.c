// builds: native wasi
// A program may have functions of names that wasi-libc's <dirent.h> takes and Linux's doesn't, as gnulib has.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <dirent.h>

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
  return done();
}
