// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "names/services.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "names/numeric.h"
#include "names/packer.h"
#include "names/services_table.h"

namespace posix_sockets {
namespace {

// "80/tcp". As strtoul reads a port, octal and hexadecimal ones and a sign are taken, and its last 16 bits count. The protocol is
// empty after a bare slash, or at the line's end.
bool parse_port(const char* text, Service& service) {
  if (*text == '+') ++text;
  int base = 10;
  if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
    base = 16;
    text += 2;
  } else if (text[0] == '0') {
    base = 8;
  }
  uint64_t port = 0;
  const char* digit = text;
  for (; digit_value(*digit) < base; ++digit) {
    port = port * static_cast<unsigned>(base) + static_cast<unsigned>(digit_value(*digit));
    if (port > UINT32_MAX) return false;
  }
  if (digit == text) return false;
  service.port = static_cast<uint16_t>(port);
  if (*digit == '\0') {
    service.protocol = digit;
    return *next_word(digit) == '\0';
  }
  if (*digit != '/') return false;
  while (*digit == '/') ++digit;
  service.protocol = digit;
  return true;
}

bool answers(const Service& service, const ServiceQuery& query) {
  if (query.port >= 0 && service.port != query.port) return false;
  if (query.protocol != nullptr && strcmp(service.protocol, query.protocol) != 0) return false;
  if (query.name == nullptr || strcmp(service.name, query.name) == 0) return true;
  for (const char* alias = service.aliases; *alias != '\0'; alias = next_word(alias))
    if (strcmp(alias, query.name) == 0) return true;
  return false;
}

}  // namespace

void open_services(LineReader& reader, const char* path) {
  if (!reader.open(path)) reader.open_text(services_table);
}

bool next_service(LineReader& reader, Service& service) {
  while (const char* words = reader.next()) {
    service.name = words;
    const char* port = next_word(words);
    if (*port == '\0' || !parse_port(port, service)) continue;
    service.aliases = next_word(port);
    return true;
  }
  return false;
}

bool find_service(LineReader& reader, const ServiceQuery& query, Service& service, const char* path) {
  if (reader.open(path))
    while (next_service(reader, service))
      if (answers(service, query)) return true;
  if (reader.out_of_memory()) return false;
  reader.open_text(services_table);
  while (next_service(reader, service))
    if (answers(service, query)) return true;
  return false;
}

int pack(const Service& service, servent* entry, char* buffer, size_t size) {
  Packer packer(buffer, size);
  entry->s_aliases = packer.words(service.aliases);
  entry->s_name = packer.text(service.name);
  entry->s_proto = packer.text(service.protocol);
  entry->s_port = htons(service.port);
  return packer.overflowed() ? ERANGE : 0;
}

}  // namespace posix_sockets
