// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Queries for name servers, and what may be asked for.
#include <string.h>

#include "names/dns_message.h"
#include "names/numeric.h"

namespace posix_sockets::dns {
namespace {

constexpr uint16_t type_opt = 41;
constexpr uint16_t class_in = 1;
constexpr size_t longest_name = 253;  // without a dot at its end

void put_label(Query& query, const char* text, size_t length) {
  query.bytes[query.size++] = static_cast<uint8_t>(length);
  memcpy(query.bytes + query.size, text, length);
  query.size += length;
}

void put_number(Query& query, uint16_t number) {
  query.bytes[query.size++] = static_cast<uint8_t>(number >> 8);
  query.bytes[query.size++] = static_cast<uint8_t>(number);
}

void put_ipv4(Query& query, const uint8_t* bytes) {
  for (int i = 3; i >= 0; --i) {
    char text[11];
    put_label(query, text, static_cast<size_t>(format_decimal(bytes[i], text) - text));
  }
  put_label(query, "in-addr", 7);
}

void put_ipv6(Query& query, const uint8_t* bytes) {
  for (int i = 31; i >= 0; --i) {
    const int nibble = bytes[i / 2] >> (i % 2 == 0 ? 4 : 0) & 15;
    put_label(query, &"0123456789abcdef"[nibble], 1);
  }
  put_label(query, "ip6", 3);
}

Query begin_query(uint16_t id, Type type) {
  Query query;
  query.size = 0;
  query.type = type;
  put_number(query, id);
  put_number(query, 0x0100);  // a standard query, recursion desired
  put_number(query, 1);       // one question
  for (int i = 0; i < 3; ++i) put_number(query, 0);
  return query;
}

void end_query(Query& query) {
  put_label(query, "", 0);
  put_number(query, static_cast<uint16_t>(query.type));
  put_number(query, class_in);
}

}  // namespace

Query make_reverse_query(const SocketAddress& address, uint16_t id) {
  Query query = begin_query(id, Type::ptr);
  if (address.family == Family::ipv4) {
    put_ipv4(query, address.bytes);
  } else if (address.is_ipv4_mapped()) {
    put_ipv4(query, address.bytes + 12);
  } else {
    put_ipv6(query, address.bytes);
  }
  put_label(query, "arpa", 4);
  end_query(query);
  return query;
}

Query make_query(const char* name, size_t length, Family family, uint16_t id) {
  Query query = begin_query(id, family == Family::ipv4 ? Type::a : Type::aaaa);
  for (size_t at = 0; at < length;) {
    const auto* dot = static_cast<const char*>(memchr(name + at, '.', length - at));
    const size_t end = dot != nullptr ? static_cast<size_t>(dot - name) : length;
    put_label(query, name + at, end - at);
    at = end + 1;
  }
  end_query(query);
  return query;
}

void allow_size(Query& query, uint16_t size) {
  query.bytes[11] = 1;      // one additional record
  put_label(query, "", 0);  // of the root
  put_number(query, type_opt);
  put_number(query, size);
  for (int i = 0; i < 3; ++i) put_number(query, 0);
}

bool is_host_name(const char* name, size_t length) {
  if (length != 0 && name[length - 1] == '.') --length;
  if (length == 0 || length > longest_name || name[0] == '-') return false;
  size_t label = 0;
  for (size_t i = 0; i < length; ++i) {
    const auto c = static_cast<uint8_t>(name[i]);
    if (c == '.') {
      if (label == 0) return false;
      label = 0;
      continue;
    }
    const uint8_t lower = c | 0x20;
    if ((lower < 'a' || lower > 'z') && (c < '0' || c > '9') && c != '-' && c != '_') return false;
    if (++label > 63) return false;
  }
  return label != 0;
}

}  // namespace posix_sockets::dns
