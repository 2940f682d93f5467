// The user database: /etc/passwd where the guest is granted it, else nobody.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <errno.h>
#include <pwd.h>
#include <string.h>

#include "database.h"

using namespace posix_sockets::compat;

namespace {

FILE* walk = nullptr;
char own_line[1024];
struct passwd own_entry;

bool parse(char* line, struct passwd* entry) {
  char* fields[7];
  if (!split(line, ':', fields, 7)) return false;
  *entry = {fields[0], fields[1], 0, 0, fields[4], fields[5], fields[6]};
  return parse_id(fields[2], &entry->pw_uid) && parse_id(fields[3], &entry->pw_gid);
}

// The first entry with that name or, when name is null, that id. 0 or ERANGE, as the _r functions return.
int find(const char* name, uid_t id, struct passwd* entry, char* buffer, size_t size, struct passwd** result) {
  *result = nullptr;
  const int error = errno;
  FILE* file = fopen("/etc/passwd", "re");
  errno = error;  // no database is as good as an empty one
  if (file == nullptr) return 0;
  int failure = 0;
  for (Line line = read_line(file, buffer, size); line != Line::end; line = read_line(file, buffer, size)) {
    if (line == Line::too_long) {
      failure = ERANGE;
    } else if (parse(buffer, entry) && (name != nullptr ? strcmp(entry->pw_name, name) == 0 : entry->pw_uid == id)) {
      *result = entry;
      failure = 0;
      break;
    }
  }
  fclose(file);
  errno = error;
  return failure;
}

}  // namespace

extern "C" {

// Returns 0, with a null result when there is none. ERANGE: the buffer is too small for a line of the file.
int getpwnam_r(const char* name, struct passwd* entry, char* buffer, size_t size, struct passwd** result) {
  return find(name, 0, entry, buffer, size, result);
}
int getpwuid_r(uid_t id, struct passwd* entry, char* buffer, size_t size, struct passwd** result) {
  return find(nullptr, id, entry, buffer, size, result);
}

// Null when there is none; errno stays.
struct passwd* getpwnam(const char* name) {
  struct passwd* result;
  find(name, 0, &own_entry, own_line, sizeof own_line, &result);
  return result;
}
struct passwd* getpwuid(uid_t id) {
  struct passwd* result;
  find(nullptr, id, &own_entry, own_line, sizeof own_line, &result);
  return result;
}

void endpwent() {
  if (walk != nullptr) fclose(walk);
  walk = nullptr;
}
void setpwent() { endpwent(); }
struct passwd* getpwent() {
  if (walk == nullptr) walk = fopen("/etc/passwd", "re");
  if (walk == nullptr) return nullptr;
  for (Line line = read_line(walk, own_line, sizeof own_line); line != Line::end;
       line = read_line(walk, own_line, sizeof own_line))
    if (line == Line::read && parse(own_line, &own_entry)) return &own_entry;
  return nullptr;
}

}  // extern "C"
