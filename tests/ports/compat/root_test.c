// builds: native wasi
// The root is a working directory, whether or not the guest was granted it; and a folder that isn't there is none.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <unistd.h>

#include "check.h"

int main(int argc, char** argv) {
  char here[64];
  CHECK(chdir("/") == 0);
  CHECK(chdir("//") == 0);
  CHECK(getcwd(here, sizeof here) != NULL && strcmp(here, "/") == 0);
  FAILS(chdir("/nowhere"), ENOENT);
  FAILS(chdir(""), ENOENT);
  CHECK(argc == 2 && chdir(argv[1]) == 0);
  CHECK(access("/nowhere", F_OK) == -1);
  return done();
}
