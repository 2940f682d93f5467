// builds: wasi
// getpass reads lines of standard input; natively it would ask a terminal.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <unistd.h>

#include "check.h"

int main(int count, char** words) {
  char path[200];
  snprintf(path, sizeof path, "%s/answers", count > 1 ? words[1] : "/tmp");
  FILE* file = fopen(path, "w");
  CHECK(file != NULL && fputs("secret\n\nlast", file) >= 0 && fclose(file) == 0);
  CHECK(freopen(path, "r", stdin) != NULL);
  const char* line = getpass("Password: ");
  CHECK(line != NULL && strcmp(line, "secret") == 0);
  line = getpass("Again: ");
  CHECK(line != NULL && strcmp(line, "") == 0);
  line = getpass("Again: ");
  CHECK(line != NULL && strcmp(line, "last") == 0);
  CHECK(getpass("Again: ") == NULL);
  return done();
}
