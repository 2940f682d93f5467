// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "names/networks.h"

#include <errno.h>
#include <strings.h>
#include <sys/socket.h>

#include "names/packer.h"

namespace posix_sockets {
namespace {

// "127", "127.0" and "127.0.0.0" are the same network.
bool parse_network(const char* text, uint32_t& number) {
  number = 0;
  for (int part = 0; part < 4; ++part) {
    unsigned value = 0;
    if (*text != '\0') {
      const char* digit = text;
      for (; *digit >= '0' && *digit <= '9' && value <= 255; ++digit)
        value = value * 10 + static_cast<unsigned>(*digit - '0');
      if (digit == text || value > 255 || (*digit != '.' && *digit != '\0')) return false;
      text = *digit == '.' ? digit + 1 : digit;
    } else if (part == 0) {
      return false;
    }
    number = number << 8 | value;
  }
  return *text == '\0';
}

bool answers(const Network& network, const char* name, uint32_t number) {
  if (name == nullptr) return network.number == number;
  if (strcasecmp(network.name, name) == 0) return true;
  for (const char* alias = network.aliases; *alias != '\0'; alias = next_word(alias))
    if (strcasecmp(alias, name) == 0) return true;
  return false;
}

constexpr char built_in[] = "loopback 127.0.0.0\n";

}  // namespace

void open_networks(LineReader& reader, const char* path) {
  if (!reader.open(path)) reader.open_text(built_in);
}

bool next_network(LineReader& reader, Network& network) {
  while (const char* words = reader.next()) {
    network.name = words;
    const char* number = next_word(words);
    if (*number == '\0' || !parse_network(number, network.number)) continue;
    network.aliases = next_word(number);
    return true;
  }
  return false;
}

bool find_network(LineReader& reader, const char* name, uint32_t number, Network& network, const char* path) {
  if (reader.open(path))
    while (next_network(reader, network))
      if (answers(network, name, number)) return true;
  if (reader.out_of_memory()) return false;
  reader.open_text(built_in);
  while (next_network(reader, network))
    if (answers(network, name, number)) return true;
  return false;
}

int pack(const Network& network, netent* entry, char* buffer, size_t size) {
  Packer packer(buffer, size);
  entry->n_aliases = packer.words(network.aliases);
  entry->n_name = packer.text(network.name);
  entry->n_addrtype = AF_INET;
  entry->n_net = network.number;
  return packer.overflowed() ? ERANGE : 0;
}

}  // namespace posix_sockets
