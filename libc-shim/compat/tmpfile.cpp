// Temporary files of stdio, in /tmp or where TMPDIR says. The guest needs a directory there from the host.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fail.h"

extern "C" {

// Null, and the errors of open, unlink and fdopen. The file has no name left and goes when it is closed.
FILE* tmpfile() {
  char name[] = P_tmpdir "/tmpfile.XXXXXX";
  const int fd = mkstemp(name);
  if (fd < 0) return nullptr;
  FILE* file = nullptr;
  if (unlink(name) == 0) file = fdopen(fd, "w+");
  if (file == nullptr) {
    const int error = errno;
    close(fd);
    errno = error;
  }
  return file;
}

// A name that no file has at the moment, or null.
char* tmpnam(char* buffer) {
  static char own[L_tmpnam];
  char name[] = P_tmpdir "/tmp_XXXXXX";
  static_assert(sizeof name <= L_tmpnam);
  if (*mktemp(name) == '\0') return nullptr;
  return strcpy(buffer == nullptr ? own : buffer, name);
}

// A name for malloc'ed memory, in TMPDIR, `directory` or /tmp, whichever can be written to first, or null.
char* tempnam(const char* directory, const char* prefix) {
  const char* places[] = {getenv("TMPDIR"), directory, P_tmpdir};
  if (prefix == nullptr) prefix = "temp";
  const int prefix_length = static_cast<int>(strnlen(prefix, 5));
  for (const char* place : places) {
    if (place == nullptr || access(place, W_OK) < 0) continue;
    const size_t size = strlen(place) + static_cast<size_t>(prefix_length) + sizeof "/_XXXXXX";
    char* name = static_cast<char*>(malloc(size));
    if (name == nullptr) return nullptr;
    snprintf(name, size, "%s/%.*s_XXXXXX", place, prefix_length, prefix);
    if (*mktemp(name) != '\0') return name;
    free(name);
  }
  errno = ENOENT;
  return nullptr;
}

}  // extern "C"
