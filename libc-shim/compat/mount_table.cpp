// Tables of file systems such as /etc/fstab: a line each, its fields apart by blanks, odd characters in octal.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <mntent.h>
#include <stdlib.h>
#include <string.h>

#include "database.h"

using namespace posix_sockets::compat;

namespace {

struct mntent own_entry;
char own_line[4096];

void decode(char* text) {
  char* to = text;
  for (const char* from = text; *from != '\0'; ++to) {
    const bool octal = from[0] == '\\' && from[1] >= '0' && from[1] <= '3' && from[2] >= '0' && from[2] <= '7' &&
                       from[3] >= '0' && from[3] <= '7';
    *to = octal ? static_cast<char>((from[1] - '0') * 64 + (from[2] - '0') * 8 + from[3] - '0') : *from;
    from += octal ? 4 : 1;
  }
  *to = '\0';
}

}  // namespace

extern "C" {

// Null, and errno of fopen: can't be opened.
FILE* setmntent(const char* path, const char* mode) { return fopen(path, mode); }

// Returns 1: always.
int endmntent(FILE* file) {
  if (file != nullptr) fclose(file);
  return 1;
}

// Null: no entry is left.
struct mntent* getmntent_r(FILE* file, struct mntent* entry, char* line, int size) {
  for (Line read = read_line(file, line, static_cast<size_t>(size)); read != Line::end;
       read = read_line(file, line, static_cast<size_t>(size))) {
    if (read == Line::too_long) continue;
    char* rest = line + strspn(line, " \t");
    if (*rest == '#' || *rest == '\0') continue;
    char* fields[6] = {};
    for (char*& field : fields) {
      rest += strspn(rest, " \t");
      field = rest;
      rest += strcspn(rest, " \t");
      if (*rest != '\0') *rest++ = '\0';
    }
    for (int i = 0; i < 4; ++i) decode(fields[i]);
    *entry = {fields[0], fields[1], fields[2], fields[3], atoi(fields[4]), atoi(fields[5])};
    return entry;
  }
  return nullptr;
}
struct mntent* getmntent(FILE* file) { return getmntent_r(file, &own_entry, own_line, sizeof own_line); }

// Where the option stands in the entry's; null if it doesn't.
char* hasmntopt(const struct mntent* entry, const char* option) {
  const size_t length = strlen(option);
  for (char* at = entry->mnt_opts; at != nullptr; at = strchr(at, ',')) {
    if (*at == ',') ++at;
    if (strncmp(at, option, length) == 0 && (at[length] == '\0' || at[length] == ',' || at[length] == '=')) return at;
  }
  return nullptr;
}

}  // extern "C"
