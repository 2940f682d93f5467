// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// inet_aton, inet_addr, inet_network, inet_ntop: in place of wasi-libc's, which read and write some forms otherwise than Linux.
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "names/numeric.h"

namespace posix_sockets {
namespace {

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

char* write_ipv4(const uint8_t* bytes, char* text) {
  for (int i = 0; i < 4; ++i) {
    text = format_decimal(bytes[i], text);
    if (i < 3) *text++ = '.';
  }
  return text;
}

char* write_hex(unsigned value, char* text) {
  int shift = 12;
  while (shift > 0 && value >> shift == 0) shift -= 4;
  for (; shift >= 0; shift -= 4) *text++ = "0123456789abcdef"[value >> shift & 15];
  *text = '\0';
  return text;
}

// RFC 5952, and IPv4 addresses in decimal where they are mapped or "compatible" ones.
void write_ipv6(const uint8_t* bytes, char* text) {
  unsigned words[8];
  for (int i = 0; i < 8; ++i) words[i] = static_cast<unsigned>(bytes[2 * i] << 8 | bytes[2 * i + 1]);
  int begin = 8;
  int length = 1;  // a single zero isn't shortened
  for (int i = 0; i < 8; ++i) {
    int run = 0;
    while (i + run < 8 && words[i + run] == 0) ++run;
    if (run > length) {
      begin = i;
      length = run;
    }
  }
  const bool ends_in_ipv4 = begin == 0 && (length == 6 || (length == 5 && words[5] == 0xffff));
  for (int i = 0; i < 8;) {
    if (i == begin) {
      *text++ = ':';
      i += length;
      if (i == 8) *text++ = ':';
      continue;
    }
    if (i != 0) *text++ = ':';
    if (i == 6 && ends_in_ipv4) {
      text = write_ipv4(bytes + 12, text);
      break;
    }
    text = write_hex(words[i++], text);
  }
  *text = '\0';
}

// One part of inet_network's; the end of it, or null. Linux lets the number overflow.
const char* read_part(const char* text, uint32_t& value) {
  uint32_t base = 10;
  bool any = false;
  if (*text == '0') {
    base = 8;
    any = true;
    ++text;
    if (*text == 'x' || *text == 'X') {
      base = 16;
      any = false;
      ++text;
    }
  }
  value = 0;
  for (;; ++text) {
    const char lower = static_cast<char>(*text | 0x20);
    uint32_t digit = 16;
    if (*text >= '0' && *text <= '9') digit = static_cast<uint32_t>(*text - '0');
    if (lower >= 'a' && lower <= 'f') digit = static_cast<uint32_t>(lower - 'a') + 10;
    if (digit >= base) return any ? text : nullptr;
    value = value * base + digit;
    any = true;
  }
}

}  // namespace
}  // namespace posix_sockets

using namespace posix_sockets;

extern "C" {

// Reads an IPv4 address of one to four parts, each decimal, octal after 0 or hexadecimal after 0x; the last part fills the
// bytes that are left. White space and anything after it may follow. `address` may be null. 1, or 0 if it's none.
// Source: inet(3).
int __wrap_inet_aton(const char* text, in_addr* address) {
  uint8_t bytes[4];
  const char* end = parse_ipv4(text, bytes);
  if (end == nullptr || (*end != '\0' && !is_space(*end))) return 0;
  if (address != nullptr) memcpy(address, bytes, sizeof bytes);
  return 1;
}

// As inet_aton(); INADDR_NONE if it's none. Source: POSIX.1-2024 inet_addr.
in_addr_t __wrap_inet_addr(const char* text) {
  in_addr address;
  return __wrap_inet_aton(text, &address) != 0 ? address.s_addr : INADDR_NONE;
}

// Reads a network number of one to four bytes, in the forms of inet_aton(), and gives it in host byte order, with as many
// bytes as there are parts; white space may follow. INADDR_NONE if it's none. Source: inet(3).
in_addr_t __wrap_inet_network(const char* text) {
  uint32_t network = 0;
  for (int count = 1;; ++count) {
    uint32_t part;
    text = read_part(text, part);
    if (text == nullptr || part > 255) return INADDR_NONE;
    network = network << 8 | part;
    if (*text != '.') break;
    if (count == 4) return INADDR_NONE;
    ++text;
  }
  while (is_space(*text)) ++text;
  return *text == '\0' ? network : INADDR_NONE;
}

// Writes an address of `family` as text to `text`, which has `size` bytes, and returns it. Null and errno:
//   ENOSPC        it doesn't fit
//   EAFNOSUPPORT  neither AF_INET nor AF_INET6
// Source: POSIX.1-2024 inet_ntop; RFC 5952.
const char* __wrap_inet_ntop(int family, const void* __restrict address, char* __restrict text, socklen_t size) {
  if (family != AF_INET && family != AF_INET6) {
    errno = EAFNOSUPPORT;
    return nullptr;
  }
  char whole[INET6_ADDRSTRLEN];
  if (family == AF_INET) {
    write_ipv4(static_cast<const uint8_t*>(address), whole);
  } else {
    write_ipv6(static_cast<const uint8_t*>(address), whole);
  }
  const size_t needed = strlen(whole) + 1;
  if (needed > size) {
    errno = ENOSPC;
    return nullptr;
  }
  memcpy(text, whole, needed);
  return text;
}

}  // extern "C"
