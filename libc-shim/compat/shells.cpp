// The shells of users: /etc/shells where the guest is granted it, else the two that Linux falls back to.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "database.h"

using namespace posix_sockets::compat;

namespace {

bool opened = false;
FILE* file = nullptr;
int fallback = 0;
char line[1024];

}  // namespace

extern "C" {

void endusershell() {
  if (file != nullptr) fclose(file);
  file = nullptr;
  opened = false;
  fallback = 0;
}
void setusershell() { endusershell(); }

// Null: the last was read.
char* getusershell() {
  if (!opened) file = fopen("/etc/shells", "re");
  opened = true;
  if (file == nullptr) {
    static char shells[2][9] = {"/bin/sh", "/bin/csh"};
    return fallback < 2 ? shells[fallback++] : nullptr;
  }
  for (Line read = read_line(file, line, sizeof line); read != Line::end; read = read_line(file, line, sizeof line)) {
    char* path = strchr(line, '/');
    const char* comment = strchr(line, '#');
    if (read == Line::too_long || path == nullptr || (comment != nullptr && comment < path)) continue;
    path[strcspn(path, "# \t")] = '\0';
    return path;
  }
  return nullptr;
}

}  // extern "C"
