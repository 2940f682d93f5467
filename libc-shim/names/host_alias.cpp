// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "names/host_alias.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "names/line_reader.h"

namespace posix_sockets {

bool find_host_alias(const char* name, char* alias, size_t size) {
  const char* path = getenv("HOSTALIASES");
  LineReader reader;
  if (path == nullptr || strchr(name, '.') != nullptr || !reader.open(path)) return false;
  constexpr char spaces[] = " \t\n\v\f\r";
  const size_t length = strlen(name);
  while (const char* line = reader.next_line()) {
    if (strcspn(line, spaces) != length || strncasecmp(line, name, length) != 0) continue;
    const char* value = line + length + strspn(line + length, spaces);
    const size_t value_length = strcspn(value, spaces);
    if (value_length == 0 || value_length >= size) return false;
    memcpy(alias, value, value_length);
    alias[value_length] = '\0';
    return true;
  }
  return false;
}

}  // namespace posix_sockets
