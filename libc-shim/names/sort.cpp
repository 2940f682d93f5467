// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "names/sort.h"

#include <string.h>

#include "names/numeric.h"

namespace posix_sockets {
namespace {

// RFC 6724 section 2.1. Longer prefixes stand before shorter ones that they are part of.
struct Policy {
  uint8_t prefix[12];
  uint8_t bits;
  uint8_t precedence;
  uint8_t label;
};
constexpr Policy ipv4_mapped = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96, 35, 4};
constexpr Policy loopback = {{}, 128, 50, 0};
constexpr Policy everything = {{}, 0, 40, 1};
constexpr Policy policies[] = {
    ipv4_mapped,
    {{}, 96, 1, 3},                  // ::/96, the old IPv4-compatible addresses
    {{0x20, 0x01, 0, 0}, 32, 5, 5},  // 2001::/32, Teredo
    {{0x20, 0x02}, 16, 30, 2},       // 2002::/16, 6to4
    {{0x3f, 0xfe}, 16, 1, 12},       // 3ffe::/16, the old 6bone
    {{0xfe, 0xc0}, 10, 1, 11},       // fec0::/10, the old site-local addresses
    {{0xfc}, 7, 3, 13},              // fc00::/7, unique local addresses
};

int common_bits(const uint8_t* a, const uint8_t* b, int most) {
  int bits = 0;
  while (bits < most && ((a[bits / 8] ^ b[bits / 8]) & (0x80 >> (bits % 8))) == 0) ++bits;
  return bits;
}

SocketAddress as_ipv6(const SocketAddress& address) {
  return address.family == Family::ipv4 ? to_mapped(address) : address;
}

const Policy& policy_of(const SocketAddress& address) {
  const SocketAddress ipv6 = as_ipv6(address);
  if (ipv6.is_loopback()) return loopback;
  for (const Policy& policy : policies)
    if (common_bits(ipv6.bytes, policy.prefix, policy.bits) == policy.bits) return policy;
  return everything;
}

enum Scope { link_local = 2, site_local = 5, global = 14 };

// RFC 6724 section 3.1 and 3.2; the scope of a multicast address stands in it.
int scope_of(const SocketAddress& address) {
  const uint8_t* bytes = address.bytes;
  if (address.family == Family::ipv4 || address.is_ipv4_mapped()) {
    if (address.family == Family::ipv6) bytes += 12;
    return bytes[0] == 127 || (bytes[0] == 169 && bytes[1] == 254) ? link_local : global;
  }
  if (address.is_multicast()) return bytes[1] & 0x0f;
  if (address.is_loopback() || (bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80)) return link_local;
  if (bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0xc0) return site_local;
  return global;
}

// Above zero: `a` is the better one. Each rule is only reached when the ones before it saw no difference.
int compare(const Candidate& a, const Candidate& b) {
  // Rule 1: avoid what can't be reached.
  if (a.reachable != b.reachable) return a.reachable ? 1 : -1;
  const int scope_a = scope_of(a.destination);
  const int scope_b = scope_of(b.destination);
  const Policy& policy_a = policy_of(a.destination);
  const Policy& policy_b = policy_of(b.destination);
  if (a.reachable) {
    // Rule 2: prefer a source of the same scope.
    const bool match_a = scope_a == scope_of(a.source);
    const bool match_b = scope_b == scope_of(b.source);
    if (match_a != match_b) return match_a ? 1 : -1;
    // Rule 5: prefer a source of the same label.
    const bool label_a = policy_a.label == policy_of(a.source).label;
    const bool label_b = policy_b.label == policy_of(b.source).label;
    if (label_a != label_b) return label_a ? 1 : -1;
  }
  // Rule 6: prefer the higher precedence.
  if (policy_a.precedence != policy_b.precedence) return policy_a.precedence - policy_b.precedence;
  // Rule 8: prefer the smaller scope.
  if (scope_a != scope_b) return scope_b - scope_a;
  // Rule 9: prefer the longer common prefix, which counts up to the subnet only: its length isn't known, 64 is nearly
  // always.
  if (a.reachable && a.destination.family == Family::ipv6 && b.destination.family == Family::ipv6)
    return common_bits(a.destination.bytes, a.source.bytes, 64) - common_bits(b.destination.bytes, b.source.bytes, 64);
  return 0;
}

}  // namespace

void sort_destinations(Candidate* candidates, size_t count) {
  for (size_t i = 1; i < count; ++i) {
    const Candidate candidate = candidates[i];
    size_t place = i;
    for (; place > 0 && compare(candidate, candidates[place - 1]) > 0; --place)
      candidates[place] = candidates[place - 1];
    candidates[place] = candidate;
  }
}

}  // namespace posix_sockets
