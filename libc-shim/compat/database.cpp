// Lines of a colon-separated database; see database.h.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "database.h"

#include <string.h>

namespace posix_sockets::compat {

Line read_line(FILE* file, char* buffer, size_t size) {
  if (size < 2) return Line::too_long;
  const int room = size > 0x7fffffff ? 0x7fffffff : static_cast<int>(size);
  if (fgets(buffer, room, file) == nullptr) return Line::end;
  char* end = strchr(buffer, '\n');
  if (end != nullptr) {
    *end = '\0';
    return Line::read;
  }
  const int next = getc(file);
  if (next == EOF) return Line::read;
  for (int c = next; c != '\n' && c != EOF; c = getc(file)) {
  }
  return Line::too_long;
}

bool split(char* line, char separator, char** fields, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    fields[i] = line;
    if (i + 1 == count) break;
    char* cut = strchr(line, separator);
    if (cut == nullptr) return false;
    *cut = '\0';
    line = cut + 1;
  }
  return true;
}

bool parse_id(const char* text, unsigned* id) {
  if (*text == '\0') return false;
  unsigned long long value = 0;
  for (; *text != '\0'; ++text) {
    if (*text < '0' || *text > '9') return false;
    value = value * 10 + static_cast<unsigned>(*text - '0');
    if (value > 0xffffffffULL) return false;
  }
  *id = static_cast<unsigned>(value);
  return true;
}

}  // namespace posix_sockets::compat
