// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "names/hosts.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include <initializer_list>

#include "names/numeric.h"

namespace posix_sockets {
namespace {

bool has_name(const char* words, const char* name) {
  for (; *words != '\0'; words = next_word(words))
    if (strcasecmp(words, name) == 0) return true;
  return false;
}

bool read_address(const char* text, Families families, SocketAddress& address) {
  address = SocketAddress{};
  if (includes(families, Family::ipv4) && inet_pton(AF_INET, text, address.bytes) == 1) return true;
  address = SocketAddress{};
  address.family = Family::ipv6;
  if (inet_pton(AF_INET6, text, address.bytes) != 1) return false;
  if (includes(families, Family::ipv6)) return true;
  if (address.is_ipv4_mapped()) {
    address = from_mapped(address);
    return true;
  }
  const bool loopback = address.is_loopback();
  address = SocketAddress::loopback(Family::ipv4, 0);
  return loopback;
}

}  // namespace

Host::~Host() { free(name_); }

bool Host::add_alias(const char* word) {
  // The empty word at the end of the list gives way to the new one and follows it.
  if (!aliases_.empty()) aliases_.truncate(aliases_.size() - 1);
  for (const char* c = word; c != next_word(word); ++c)
    if (!aliases_.add(*c)) return false;
  return aliases_.add('\0');
}

bool Host::add_names(const char* words) {
  if (*words == '\0') return true;
  const char* canonical = words;
  const bool first = name_ == nullptr;
  if (first) {
    name_ = strdup(words);
    if (name_ == nullptr) return false;
  }
  for (words = next_word(words); *words != '\0'; words = next_word(words))
    if (!add_alias(words)) return false;
  return first || strcmp(canonical, name_) == 0 || add_alias(canonical);
}

bool next_host(LineReader& reader, Families families, HostLine& line) {
  while (const char* words = reader.next()) {
    line.names = next_word(words);
    if (*line.names != '\0' && read_address(words, families, line.address)) return true;
  }
  return false;
}

bool find_host_by_name(const char* name, Families families, Host& host, const char* path) {
  LineReader reader;
  if (!reader.open(path)) return !reader.no_descriptor();
  while (const char* words = reader.next()) {
    // The name first: it decides about nearly all lines.
    const char* names = next_word(words);
    SocketAddress address;
    if (*names == '\0' || !has_name(names, name) || !read_address(words, families, address)) continue;
    if (!host.add_names(names) || !host.addresses.add(address)) return false;
  }
  return !reader.out_of_memory();
}

bool find_host_by_address(const SocketAddress& address, Host& host, const char* path) {
  LineReader reader;
  HostLine line;
  if (!reader.open(path)) return !reader.no_descriptor();
  while (next_host(reader, address.family == Family::ipv4 ? Families::ipv4 : Families::ipv6, line)) {
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
