// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "names/protocols.h"

#include <errno.h>
#include <string.h>

#include "names/packer.h"
#include "names/protocols_table.h"

namespace posix_sockets {
namespace {

bool parse_number(const char* text, int& number) {
  number = 0;
  if (*text == '+') ++text;
  const char* digit = text;
  for (; *digit >= '0' && *digit <= '9'; ++digit) {
    if (number > 99999) return false;
    number = number * 10 + (*digit - '0');
  }
  return digit != text && *digit == '\0';
}

bool answers(const Protocol& protocol, const char* name, int number) {
  if (name == nullptr) return protocol.number == number;
  if (strcmp(protocol.name, name) == 0) return true;
  for (const char* alias = protocol.aliases; *alias != '\0'; alias = next_word(alias))
    if (strcmp(alias, name) == 0) return true;
  return false;
}

}  // namespace

void open_protocols(LineReader& reader, const char* path) {
  if (!reader.open(path)) reader.open_text(protocols_table);
}

bool next_protocol(LineReader& reader, Protocol& protocol) {
  while (const char* words = reader.next()) {
    protocol.name = words;
    const char* number = next_word(words);
    if (*number == '\0' || !parse_number(number, protocol.number)) continue;
    protocol.aliases = next_word(number);
    return true;
  }
  return false;
}

bool find_protocol(LineReader& reader, const char* name, int number, Protocol& protocol, const char* path) {
  if (reader.open(path))
    while (next_protocol(reader, protocol))
      if (answers(protocol, name, number)) return true;
  if (reader.out_of_memory()) return false;
  reader.open_text(protocols_table);
  while (next_protocol(reader, protocol))
    if (answers(protocol, name, number)) return true;
  return false;
}

int pack(const Protocol& protocol, protoent* entry, char* buffer, size_t size) {
  Packer packer(buffer, size);
  entry->p_aliases = packer.words(protocol.aliases);
  entry->p_name = packer.text(protocol.name);
  entry->p_proto = protocol.number;
  return packer.overflowed() ? ERANGE : 0;
}

}  // namespace posix_sockets
