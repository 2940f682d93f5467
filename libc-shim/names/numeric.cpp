// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "names/numeric.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

namespace posix_sockets {

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 16;
}

namespace {

// One part of an IPv4 address: decimal, octal after 0, hexadecimal after 0x. The end of it; null if it's none.
const char* parse_part(const char* text, uint64_t& value) {
  int base = 10;
  if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
    base = 16;
    text += 2;
  } else if (text[0] == '0') {
    base = 8;
  }
  const char* const start = text;
  value = 0;
  for (; digit_value(*text) < base; ++text) {
    value = value * static_cast<unsigned>(base) + static_cast<unsigned>(digit_value(*text));
    if (value > UINT32_MAX) return nullptr;
  }
  return text != start ? text : nullptr;
}

}  // namespace

const char* parse_ipv4(const char* text, uint8_t* bytes) {
  uint64_t parts[4];
  int count = 0;
  for (;;) {
    text = parse_part(text, parts[count++]);
    if (text == nullptr) return nullptr;
    if (*text != '.') break;
    if (count == 4) return nullptr;
    ++text;
  }
  // All parts but the last are single bytes, the last one fills the rest.
  uint64_t address = 0;
  for (int i = 0; i < count - 1; ++i) {
    if (parts[i] > 255) return nullptr;
    address |= parts[i] << (24 - 8 * i);
  }
  const uint64_t last = parts[count - 1];
  if (last >> (8 * (5 - count)) != 0) return nullptr;
  address |= last;
  for (int i = 0; i < 4; ++i) bytes[i] = static_cast<uint8_t>(address >> (24 - 8 * i));
  return text;
}

namespace {

bool is_link_local(const SocketAddress& address) {
  const uint8_t* bytes = address.bytes;
  return (bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80) || (bytes[0] == 0xff && (bytes[1] & 0x0f) == 2);
}

// Interfaces have names only within a link.
bool parse_scope(const char* text, SocketAddress& address) {
  if (is_link_local(address)) {
    const int error = errno;
    address.scope_id = if_nametoindex(text);
    errno = error;
    if (address.scope_id != 0) return true;
  }
  uint64_t id = 0;
  const char* digit = text;
  for (; *digit >= '0' && *digit <= '9'; ++digit) {
    id = id * 10 + static_cast<unsigned>(*digit - '0');
    if (id > UINT32_MAX) return false;
  }
  address.scope_id = static_cast<uint32_t>(id);
  return digit != text && *digit == '\0';
}

}  // namespace

Numeric parse_numeric(const char* text, SocketAddress& address) {
  address = SocketAddress{};
  const char* end = parse_ipv4(text, address.bytes);
  if (end != nullptr && *end == '\0') return Numeric::address;
  address = SocketAddress{};
  const char* scope = strchr(text, '%');
  const size_t length = scope != nullptr ? static_cast<size_t>(scope - text) : strlen(text);
  char plain[46];
  if (length >= sizeof plain) return Numeric::not_numeric;
  memcpy(plain, text, length);
  plain[length] = '\0';
  if (inet_pton(AF_INET6, plain, address.bytes) != 1) return Numeric::not_numeric;
  address.family = Family::ipv6;
  if (scope != nullptr && !parse_scope(scope + 1, address)) return Numeric::bad_scope;
  return Numeric::address;
}

char* format_decimal(uint32_t value, char* text) {
  char digits[10];
  int count = 0;
  do {
    digits[count++] = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value != 0);
  while (count > 0) *text++ = digits[--count];
  *text = '\0';
  return text;
}

namespace {

char* format_hexadecimal(unsigned value, char* text) {
  bool started = false;
  for (int shift = 12; shift >= 0; shift -= 4) {
    const unsigned digit = value >> shift & 15;
    started |= digit != 0 || shift == 0;
    if (started) *text++ = "0123456789abcdef"[digit];
  }
  return text;
}

char* format_ipv4(const uint8_t* bytes, char* text) {
  for (int i = 0; i < 4; ++i) {
    if (i != 0) *text++ = '.';
    text = format_decimal(bytes[i], text);
  }
  return text;
}

// RFC 5952: the longest run of zero groups, the first of equal ones and of two at least, is "::".
char* format_ipv6(const uint8_t* bytes, char* text) {
  unsigned groups[8];
  for (int i = 0; i < 8; ++i) groups[i] = static_cast<unsigned>(bytes[2 * i] << 8 | bytes[2 * i + 1]);
  int run = 8;
  int longest = 1;
  for (int i = 0; i < 8; ++i) {
    int end = i;
    while (end < 8 && groups[end] == 0) ++end;
    if (end - i > longest) {
      run = i;
      longest = end - i;
    }
    if (end > i) i = end - 1;
  }
  // Of IPv4 addresses, which are written as such.
  const bool holds_ipv4 = run == 0 && (longest == 6 || (longest == 5 && groups[5] == 0xffff));
  const int count = holds_ipv4 ? 6 : 8;
  for (int i = 0; i < count; ++i) {
    if (i == run) {
      *text++ = ':';
      if (i == 0) *text++ = ':';
      i += longest - 1;
      if (i >= count) i = count - 1;
      continue;
    }
    text = format_hexadecimal(groups[i], text);
    if (i != 7) *text++ = ':';
  }
  if (holds_ipv4) text = format_ipv4(bytes + 12, text);
  *text = '\0';
  return text;
}

}  // namespace

// Not inet_ntop: libc's takes printf along, into every program that is linked with the library.
void format_numeric(const SocketAddress& address, bool numeric_scope, char (&text)[numeric_size]) {
  if (address.family == Family::ipv4) {
    format_ipv4(address.bytes, text);
    return;
  }
  char* scope = format_ipv6(address.bytes, text);
  if (address.scope_id == 0) return;
  *scope++ = '%';
  const int error = errno;
  if (numeric_scope || !is_link_local(address) || if_indextoname(address.scope_id, scope) == nullptr)
    format_decimal(address.scope_id, scope);
  errno = error;
}

SocketAddress to_mapped(const SocketAddress& ipv4) {
  SocketAddress mapped;
  mapped.family = Family::ipv6;
  mapped.port = ipv4.port;
  mapped.bytes[10] = mapped.bytes[11] = 0xff;
  memcpy(mapped.bytes + 12, ipv4.bytes, 4);
  return mapped;
}

SocketAddress from_mapped(const SocketAddress& ipv6) {
  SocketAddress ipv4;
  ipv4.port = ipv6.port;
  memcpy(ipv4.bytes, ipv6.bytes + 12, 4);
  return ipv4;
}

}  // namespace posix_sockets
