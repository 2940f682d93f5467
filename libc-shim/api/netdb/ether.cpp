// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// ether_aton, ether_ntoa, ether_line, ether_hostton, ether_ntohost: Ethernet addresses.
#include <netinet/ether.h>
#include <string.h>
#include <strings.h>

#include "names/line_reader.h"

namespace posix_sockets {
namespace {

constexpr char ethers_path[] = "/etc/ethers";

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// The end of the address; null: it's none. What follows two digits of the last byte doesn't matter, as on Linux.
const char* parse(const char* text, ether_addr& address) {
  for (int i = 0; i < ETH_ALEN; ++i) {
    const bool last = i == ETH_ALEN - 1;
    int value = digit_of(*text++);
    if (value < 0) return nullptr;
    if (last ? *text != '\0' && !is_space(*text) : *text != ':') {
      const int second = digit_of(*text++);
      if (second < 0) return nullptr;
      value = value * 16 + second;
      if (!last && *text != ':') return nullptr;
    }
    address.ether_addr_octet[i] = static_cast<uint8_t>(value);
    if (!last) ++text;
  }
  return text;
}

// The address of a line of the file: numbers of any length, and nothing behind it.
bool parse_word(const char* text, ether_addr& address) {
  for (int i = 0; i < ETH_ALEN; ++i) {
    int value = 0;
    const char* digit = text;
    for (; digit_of(*digit) >= 0 && value <= 255; ++digit) value = value * 16 + digit_of(*digit);
    if (digit == text || value > 255 || *digit != (i == ETH_ALEN - 1 ? '\0' : ':')) return false;
    address.ether_addr_octet[i] = static_cast<uint8_t>(value);
    text = digit + 1;
  }
  return true;
}

ether_addr static_address;
char static_text[18];

}  // namespace
}  // namespace posix_sockets

using namespace posix_sockets;

extern "C" {

// Reads "X:X:X:X:X:X", each of one or two hexadecimal digits, to `address`, and returns that; null: it's no such text.
// Source: ether_aton(3).
__attribute__((weak)) ether_addr* ether_aton_r(const char* text, ether_addr* address) {
  return parse(text, *address) != nullptr ? address : nullptr;
}
__attribute__((weak)) ether_addr* ether_aton(const char* text) { return ether_aton_r(text, &static_address); }

// Writes an address as text without leading zeros to `text`, which has 18 bytes, and returns that. Source: ether_aton(3).
__attribute__((weak)) char* ether_ntoa_r(const ether_addr* address, char* text) {
  char* at = text;
  for (uint8_t byte : address->ether_addr_octet) {
    if (at != text) *at++ = ':';
    if (byte > 15) *at++ = "0123456789abcdef"[byte >> 4];
    *at++ = "0123456789abcdef"[byte & 15];
  }
  *at = '\0';
  return text;
}
__attribute__((weak)) char* ether_ntoa(const ether_addr* address) { return ether_ntoa_r(address, static_text); }

// Reads a line of /etc/ethers, an address and a name, which must have room in `name`. 0, or -1: it's no such line.
// Source: ether_aton(3).
__attribute__((weak)) int ether_line(const char* line, ether_addr* address, char* name) {
  const size_t length = strcspn(line, "#\n");
  const char* end = line + length;
  while (line < end && is_space(*line)) ++line;
  const char* at = parse(line, *address);
  if (at == nullptr || at >= end) return -1;
  while (at < end && is_space(*at)) ++at;
  char* out = name;
  while (at < end && !is_space(*at)) *out++ = *at++;
  *out = '\0';
  return out != name ? 0 : -1;
}

// Looks a name, without regard to case, or an address up in /etc/ethers. 0, or -1: it isn't there, or the guest may not read
// the file. `name` must have room for the name. Source: ether_aton(3).
__attribute__((weak)) int ether_hostton(const char* name, ether_addr* address) {
  LineReader reader;
  if (!reader.open(ethers_path)) return -1;
  while (const char* words = reader.next())
    if (strcasecmp(next_word(words), name) == 0 && parse_word(words, *address)) return 0;
  return -1;
}
__attribute__((weak)) int ether_ntohost(char* name, const ether_addr* address) {
  LineReader reader;
  if (!reader.open(ethers_path)) return -1;
  while (const char* words = reader.next()) {
    ether_addr found;
    const char* its_name = next_word(words);
    if (!parse_word(words, found) || memcmp(&found, address, sizeof found) != 0) continue;
    memcpy(name, its_name, strlen(its_name) + 1);
    return 0;
  }
  return -1;
}

}  // extern "C"
