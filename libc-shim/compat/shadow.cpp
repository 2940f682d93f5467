// The password database: /etc/shadow where the guest is granted it, else nobody's.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <errno.h>
#include <shadow.h>
#include <stdlib.h>
#include <string.h>

#include "database.h"

using namespace posix_sockets::compat;

namespace {

FILE* walk = nullptr;
char own_line[1024];
struct spwd own_entry;

// A number, -1 where the field is empty; false if it is neither.
bool parse_number(const char* text, long* number) {
  char* end;
  *number = *text == '\0' ? -1 : strtol(text, &end, 10);
  return *text == '\0' || *end == '\0';
}

bool parse(char* line, struct spwd* entry) {
  char* fields[9];
  if (!split(line, ':', fields, 9)) return false;
  long flag = -1;
  entry->sp_namp = fields[0];
  entry->sp_pwdp = fields[1];
  const bool good = parse_number(fields[2], &entry->sp_lstchg) && parse_number(fields[3], &entry->sp_min) &&
                    parse_number(fields[4], &entry->sp_max) && parse_number(fields[5], &entry->sp_warn) &&
                    parse_number(fields[6], &entry->sp_inact) && parse_number(fields[7], &entry->sp_expire) &&
                    parse_number(fields[8], &flag);
  entry->sp_flag = static_cast<unsigned long>(flag);
  return good;
}

}  // namespace

extern "C" {

void endspent() {
  if (walk != nullptr) fclose(walk);
  walk = nullptr;
}
void setspent() { endspent(); }

// Null: the last was read, or (errno of fopen) there is no such file.
struct spwd* getspent() {
  if (walk == nullptr) walk = fopen("/etc/shadow", "re");
  if (walk == nullptr) return nullptr;
  for (Line line = read_line(walk, own_line, sizeof own_line); line != Line::end;
       line = read_line(walk, own_line, sizeof own_line))
    if (line == Line::read && parse(own_line, &own_entry)) return &own_entry;
  return nullptr;
}

// Null: nobody of that name, or (errno of fopen) there is no such file.
struct spwd* getspnam(const char* name) {
  FILE* file = fopen("/etc/shadow", "re");
  if (file == nullptr) return nullptr;
  struct spwd* result = nullptr;
  for (Line line = read_line(file, own_line, sizeof own_line); line != Line::end && result == nullptr;
       line = read_line(file, own_line, sizeof own_line))
    if (line == Line::read && parse(own_line, &own_entry) && strcmp(own_entry.sp_namp, name) == 0) result = &own_entry;
  fclose(file);
  return result;
}

// -1, EACCES: always, a guest locks nothing.
int lckpwdf() {
  errno = EACCES;
  return -1;
}
int ulckpwdf() {
  errno = EACCES;
  return -1;
}

}  // extern "C"
