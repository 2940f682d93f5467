// Ethernet addresses as text, and their names in /etc/ethers.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <ctype.h>
#include <netinet/ether.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "database.h"

using namespace posix_sockets::compat;

namespace {

struct ether_addr own_address;
char own_text[18];

// The address at the start of a text, and where it ends; null if there is none.
const char* parse(const char* text, struct ether_addr* address) {
  for (int i = 0; i < ETH_ALEN; ++i) {
    if (i != 0 && *text++ != ':') return nullptr;
    int digits = 0;
    unsigned value = 0;
    for (; digits < 2 && isxdigit(static_cast<unsigned char>(*text)) != 0; ++digits, ++text) {
      const int letter = tolower(static_cast<unsigned char>(*text));
      value = value * 16 + static_cast<unsigned>(isdigit(letter) != 0 ? letter - '0' : letter - 'a' + 10);
    }
    if (digits == 0) return nullptr;
    address->ether_addr_octet[i] = static_cast<uint8_t>(value);
  }
  return text;
}

// Looks for the line of that name, or of that address if the name is null; the rest is filled in.
int find(const char* name, struct ether_addr* address, char* host) {
  FILE* file = fopen("/etc/ethers", "re");
  if (file == nullptr) return -1;
  char line[1024], found[1024];
  struct ether_addr entry;
  int result = -1;
  for (Line read = read_line(file, line, sizeof line); read != Line::end && result != 0;
       read = read_line(file, line, sizeof line)) {
    if (read == Line::too_long || ether_line(line, &entry, found) != 0) continue;
    if (name != nullptr ? strcmp(name, found) != 0 : memcmp(&entry, address, sizeof entry) != 0) continue;
    if (name != nullptr)
      *address = entry;
    else
      strcpy(host, found);
    result = 0;
  }
  fclose(file);
  return result;
}

}  // namespace

extern "C" {

char* ether_ntoa_r(const struct ether_addr* address, char* text) {
  const uint8_t* octet = address->ether_addr_octet;
  snprintf(text, sizeof own_text, "%x:%x:%x:%x:%x:%x", octet[0], octet[1], octet[2], octet[3], octet[4], octet[5]);
  return text;
}
char* ether_ntoa(const struct ether_addr* address) { return ether_ntoa_r(address, own_text); }

// Null: not an address.
struct ether_addr* ether_aton_r(const char* text, struct ether_addr* address) {
  return parse(text, address) != nullptr ? address : nullptr;
}
struct ether_addr* ether_aton(const char* text) { return ether_aton_r(text, &own_address); }

// -1: not a line of an address and a name, which has as much room as the line is long.
int ether_line(const char* line, struct ether_addr* address, char* host) {
  const char* rest = parse(line, address);
  if (rest == nullptr || isspace(static_cast<unsigned char>(*rest)) == 0) return -1;
  while (isspace(static_cast<unsigned char>(*rest)) != 0) ++rest;
  const size_t length = strcspn(rest, "# \t\r\n\v\f");
  if (length == 0) return -1;
  memcpy(host, rest, length);
  host[length] = '\0';
  return 0;
}

// -1: no such line in /etc/ethers, or no such file.
int ether_hostton(const char* name, struct ether_addr* address) { return find(name, address, nullptr); }
int ether_ntohost(char* host, const struct ether_addr* address) {
  struct ether_addr wanted = *address;
  return find(nullptr, &wanted, host);
}

}  // extern "C"
