// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "names/hosts.h"

#include <string.h>
#include <strings.h>

#include <initializer_list>

#include "names/numeric.h"

namespace posix_sockets {
namespace {

// Names compare without case, and without the dot that says that nothing is to be appended.
bool same_name(const char* a, const char* b) {
  size_t length_a = strlen(a);
  size_t length_b = strlen(b);
  if (length_a > 1 && a[length_a - 1] == '.') --length_a;
  if (length_b > 1 && b[length_b - 1] == '.') --length_b;
  return length_a == length_b && strncasecmp(a, b, length_a) == 0;
}

bool has_name(const char* words, const char* name) {
  for (; *words != '\0'; words = next_word(words))
    if (same_name(words, name)) return true;
  return false;
}

}  // namespace

Host::~Host() { free(name_); }

bool Host::add_names(const char* words) {
  if (name_ == nullptr && *words != '\0') {
    name_ = strdup(words);
    if (name_ == nullptr) return false;
    words = next_word(words);
  }
  for (; *words != '\0'; words = next_word(words)) {
    if (same_name(words, name_) || has_name(aliases(), words)) continue;
    // The empty word at the end of the list gives way to the new one and follows it.
    if (!aliases_.empty()) aliases_.truncate(aliases_.size() - 1);
    for (const char* c = words; c != next_word(words); ++c)
      if (!aliases_.add(*c)) return false;
    if (!aliases_.add('\0')) return false;
  }
  return true;
}

bool next_host(LineReader& reader, HostLine& line) {
  while (const char* words = reader.next()) {
    line.names = next_word(words);
    if (*line.names != '\0' && parse_numeric(words, line.address) == Numeric::address) return true;
  }
  return false;
}

bool find_host_by_name(const char* name, Families families, Host& host, const char* path) {
  LineReader reader;
  HostLine line;
  if (!reader.open(path)) return !reader.no_descriptor();
  while (next_host(reader, line)) {
    if (!includes(families, line.address.family) || !has_name(line.names, name)) continue;
    if (!host.add_names(line.names) || !host.addresses.add(line.address)) return false;
  }
  return !reader.out_of_memory();
}

bool find_host_by_address(const SocketAddress& address, Host& host, const char* path) {
  LineReader reader;
  HostLine line;
  if (!reader.open(path)) return !reader.no_descriptor();
  while (next_host(reader, line)) {
    if (line.address.family != address.family) continue;
    if (memcmp(line.address.bytes, address.bytes, address.family == Family::ipv4 ? 4 : 16) != 0) continue;
    return host.add_names(line.names) && host.addresses.add(address);
  }
  return !reader.out_of_memory();
}

bool is_localhost(const char* name) {
  constexpr char localhost[] = "localhost";
  constexpr size_t size = sizeof localhost - 1;
  size_t length = strlen(name);
  if (length > 0 && name[length - 1] == '.') --length;
  if (length < size || strncasecmp(name + length - size, localhost, size) != 0) return false;
  return length == size || name[length - size - 1] == '.';
}

bool add_loopback(Families families, Host& host) {
  for (Family family : {Family::ipv6, Family::ipv4})
    if (includes(families, family) && !host.addresses.add(SocketAddress::loopback(family, 0))) return false;
  return true;
}

}  // namespace posix_sockets
