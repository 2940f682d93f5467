// The group database: /etc/group where the guest is granted it, else none.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <errno.h>
#include <grp.h>
#include <stdint.h>
#include <string.h>

#include "database.h"

using namespace posix_sockets::compat;

namespace {

FILE* walk = nullptr;
alignas(char*) char own_line[4096];
struct group own_entry;

enum class Parsed { entry, malformed, too_long };

// The list of members lies behind the line, in the same buffer.
Parsed parse(char* line, size_t size, struct group* entry) {
  char* end = line + strlen(line) + 1;
  char* fields[4];
  if (!split(line, ':', fields, 4)) return Parsed::malformed;
  *entry = {fields[0], fields[1], 0, nullptr};
  if (!parse_id(fields[2], &entry->gr_gid)) return Parsed::malformed;
  end += -reinterpret_cast<uintptr_t>(end) % alignof(char*);
  char** members = reinterpret_cast<char**>(end);
  char** const limit = reinterpret_cast<char**>(line + size) - 1;
  entry->gr_mem = members;
  for (char* name = fields[3]; name != nullptr;) {
    char* next = strchr(name, ',');
    if (next != nullptr) *next++ = '\0';
    if (members >= limit) return Parsed::too_long;
    if (*name != '\0') *members++ = name;
    name = next;
  }
  *members = nullptr;
  return Parsed::entry;
}

int find(const char* name, gid_t id, struct group* entry, char* buffer, size_t size, struct group** result) {
  *result = nullptr;
  const int error = errno;
  FILE* file = fopen("/etc/group", "re");
  errno = error;  // no database is as good as an empty one
  if (file == nullptr) return 0;
  // Room for at least the list's end behind the longest line.
  const size_t spare = 2 * sizeof(char*);
  int failure = size <= spare ? ERANGE : 0;
  for (Line line = Line::read; size > spare;) {
    line = read_line(file, buffer, size - spare);
    if (line == Line::end) break;
    const Parsed parsed = line == Line::too_long ? Parsed::too_long : parse(buffer, size, entry);
    if (parsed == Parsed::too_long) {
      failure = ERANGE;
    } else if (parsed == Parsed::entry && (name != nullptr ? strcmp(entry->gr_name, name) == 0 : entry->gr_gid == id)) {
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

// Returns 0, with a null result when there is none. ERANGE: the buffer is too small for an entry of the file.
int getgrnam_r(const char* name, struct group* entry, char* buffer, size_t size, struct group** result) {
  return find(name, 0, entry, buffer, size, result);
}
int getgrgid_r(gid_t id, struct group* entry, char* buffer, size_t size, struct group** result) {
  return find(nullptr, id, entry, buffer, size, result);
}

// Null when there is none; errno stays.
struct group* getgrnam(const char* name) {
  struct group* result;
  find(name, 0, &own_entry, own_line, sizeof own_line, &result);
  return result;
}
struct group* getgrgid(gid_t id) {
  struct group* result;
  find(nullptr, id, &own_entry, own_line, sizeof own_line, &result);
  return result;
}

void endgrent() {
  if (walk != nullptr) fclose(walk);
  walk = nullptr;
}
void setgrent() { endgrent(); }
struct group* getgrent() {
  if (walk == nullptr) walk = fopen("/etc/group", "re");
  if (walk == nullptr) return nullptr;
  const size_t room = sizeof own_line - 2 * sizeof(char*);
  for (Line line = read_line(walk, own_line, room); line != Line::end; line = read_line(walk, own_line, room))
    if (line == Line::read && parse(own_line, sizeof own_line, &own_entry) == Parsed::entry) return &own_entry;
  return nullptr;
}

// The groups of a user, `group` first. Returns their number, or -1 when there are more than *count; *count is that
// number in any case.
int getgrouplist(const char* user, gid_t group, gid_t* groups, int* count) {
  const int room = *count;
  int found = 0;
  if (found < room) groups[found] = group;
  ++found;
  setgrent();
  for (struct group* entry = getgrent(); entry != nullptr; entry = getgrent()) {
    if (entry->gr_gid == group) continue;
    for (char** member = entry->gr_mem; *member != nullptr; ++member) {
      if (strcmp(*member, user) != 0) continue;
      if (found < room) groups[found] = entry->gr_gid;
      ++found;
      break;
    }
  }
  endgrent();
  *count = found;
  return found > room ? -1 : found;
}

}  // extern "C"
