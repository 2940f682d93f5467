// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "names/policy.h"

#include <arpa/inet.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "names/address_list.h"
#include "names/line_reader.h"
#include "names/numeric.h"

namespace posix_sockets {
namespace {

enum Scope { link_local = 2, site_local = 5, global = 14 };

// glibc's, which differ from RFC 6724's by the precedence of IPv4 and of what has none of its own.
constexpr PrefixRule default_labels[] = {
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 128, 0},
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96, 4},
    {{}, 96, 3},                  // ::/96, the old IPv4-compatible addresses
    {{0x20, 0x01, 0, 0}, 32, 7},  // 2001::/32, Teredo
    {{0x20, 0x02}, 16, 2},        // 2002::/16, 6to4
    {{0xfe, 0xc0}, 10, 5},        // fec0::/10, the old site-local addresses
    {{0xfc}, 7, 6},               // fc00::/7, unique local addresses
    {{}, 0, 1},
};
constexpr PrefixRule default_precedences[] = {
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 128, 50},
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96, 10},
    {{}, 96, 20},
    {{0x20, 0x02}, 16, 30},
    {{}, 0, 40},
};
constexpr PrefixRule default_scopes[] = {
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 169, 254}, 112, link_local},
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127}, 104, link_local},
    {{}, 0, global},
};

template <size_t count>
constexpr PrefixRules rules(const PrefixRule (&array)[count]) {
  return {array, count};
}

// A number up to `most` with nothing behind it; none at all is 0, as strtoul has it.
bool read_number(const char* text, int most, int& value) {
  int64_t number = 0;
  const char* digit = text;
  for (; *digit >= '0' && *digit <= '9'; ++digit) {
    number = number * 10 + (*digit - '0');
    if (number > most) return false;
  }
  value = static_cast<int>(number);
  return *digit == '\0';
}

// ADDRESS or ADDRESS/BITS; `ipv4`: an IPv4 address, or a mapped one.
bool read_prefix(const char* text, bool ipv4, PrefixRule& rule) {
  char address[INET6_ADDRSTRLEN];
  const size_t length = strcspn(text, "/");
  if (length >= sizeof address) return false;
  memcpy(address, text, length);
  address[length] = '\0';
  SocketAddress plain;
  if (ipv4 && inet_pton(AF_INET, address, plain.bytes) == 1) {
    memcpy(rule.prefix, to_mapped(plain).bytes, sizeof rule.prefix);
    rule.bits = 32;
    if (text[length] == '/' && !read_number(text + length + 1, 32, rule.bits)) return false;
    // All of IPv4 is all that is looked up with these rules.
    rule.bits = rule.bits == 0 ? 0 : rule.bits + 96;
    return true;
  }
  if (inet_pton(AF_INET6, address, rule.prefix) != 1) return false;
  rule.bits = 128;
  if (text[length] == '/' && !read_number(text + length + 1, 128, rule.bits)) return false;
  if (!ipv4) return true;
  memcpy(plain.bytes, rule.prefix, sizeof plain.bytes);
  plain.family = Family::ipv6;
  if (!plain.is_ipv4_mapped() || rule.bits < 96) return false;
  if (rule.bits == 96) rule.bits = 0;
  return true;
}

using RuleList = List<PrefixRule>;

// Behind those of as many bits or more. False: no memory.
bool insert(const PrefixRule& rule, RuleList& list) {
  if (!list.add(rule)) return false;
  size_t place = list.size() - 1;
  for (; place > 0 && list[place - 1].bits < rule.bits; --place) list[place] = list[place - 1];
  list[place] = rule;
  return true;
}

// Rules of a file take the place of the built-in ones, of which only the last stays. False: no memory.
bool take(RuleList& list, const PrefixRules& built_in, PrefixRules& taken) {
  taken = built_in;
  if (list.empty()) return true;
  if (list[list.size() - 1].bits != 0 && !list.add(built_in.first[built_in.count - 1])) return false;
  taken.count = list.size();
  taken.first = list.release();
  return true;
}

struct File {
  RuleList labels;
  RuleList precedences;
  RuleList scopes;
  bool reload = false;
};

bool read_line(const char* words, File& file) {
  const char* prefix = next_word(words);
  const char* number = *prefix != '\0' ? next_word(prefix) : prefix;
  if (strcmp(words, "reload") == 0) file.reload = strcmp(prefix, "yes") == 0;
  RuleList* list = nullptr;
  if (strcmp(words, "label") == 0) list = &file.labels;
  if (strcmp(words, "precedence") == 0) list = &file.precedences;
  if (strcmp(words, "scopev4") == 0) list = &file.scopes;
  PrefixRule rule;
  if (list == nullptr || !read_prefix(prefix, list == &file.scopes, rule) || !read_number(number, INT_MAX, rule.value))
    return true;
  return insert(rule, *list);
}

void drop(PrefixRules& taken, const PrefixRules& built_in) {
  if (taken.first != built_in.first) free(const_cast<PrefixRule*>(taken.first));
  taken = built_in;
}

}  // namespace

constexpr Policy default_policy = {rules(default_labels), rules(default_precedences), rules(default_scopes)};

namespace {

Policy policy = default_policy;
const char* read_path;  // null: nothing was read yet
bool reload;

void read_file(const char* path) {
  drop(policy.labels, default_policy.labels);
  drop(policy.precedences, default_policy.precedences);
  drop(policy.ipv4_scopes, default_policy.ipv4_scopes);
  policy.own = false;
  File file;
  LineReader reader;
  read_path = path;
  reload = false;
  if (!reader.open(path)) return;
  while (const char* words = reader.next())
    if (!read_line(words, file)) return;
  if (reader.out_of_memory()) return;
  reload = file.reload;
  policy.own = !file.labels.empty() || !file.precedences.empty() || !file.scopes.empty();
  if (!take(file.labels, default_policy.labels, policy.labels) ||
      !take(file.precedences, default_policy.precedences, policy.precedences))
    return;
  (void)take(file.scopes, default_policy.ipv4_scopes, policy.ipv4_scopes);
}

}  // namespace

int common_bits(const uint8_t* a, const uint8_t* b, int most) {
  int bits = 0;
  while (bits < most && ((a[bits / 8] ^ b[bits / 8]) & (0x80 >> (bits % 8))) == 0) ++bits;
  return bits;
}

int PrefixRules::value_of(const SocketAddress& address) const {
  const SocketAddress ipv6 = address.family == Family::ipv4 ? to_mapped(address) : address;
  for (size_t i = 0; i < count; ++i)
    if (common_bits(ipv6.bytes, first[i].prefix, first[i].bits) == first[i].bits) return first[i].value;
  return 0;
}

int Policy::scope_of(const SocketAddress& address) const {
  const uint8_t* bytes = address.bytes;
  if (address.family == Family::ipv4) return ipv4_scopes.value_of(address);
  if (address.is_multicast()) return bytes[1] & 0x0f;
  if (address.is_loopback() || (bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80)) return link_local;
  if (bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0xc0) return site_local;
  return global;
}

const Policy& read_policy(const char* path) {
  if (path != read_path || reload) read_file(path);
  return policy;
}

}  // namespace posix_sockets
