// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "names/networks.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "names/packer.h"

extern "C" in_addr_t __wrap_inet_network(const char* text);

namespace posix_sockets {
namespace {

// "127", "127.0" and "127.0.0.0" are the same network. What is none is INADDR_NONE, as on Linux.
uint32_t parse_network(const char* text) {
  char whole[64];
  size_t length = strlen(text);
  if (length > sizeof whole - sizeof ".0.0.0") return INADDR_NONE;
  int dots = 0;
  for (const char* c = text; *c != '\0'; ++c) dots += *c == '.' ? 1 : 0;
  memcpy(whole, text, length);
  for (; dots < 3; ++dots) {
    whole[length++] = '.';
    whole[length++] = '0';
  }
  whole[length] = '\0';
  return __wrap_inet_network(whole);
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
  if (const char* words = reader.next()) {
    network.name = words;
    const char* number = next_word(words);
    network.number = parse_network(number);
    network.aliases = *number != '\0' ? next_word(number) : number;
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
