// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the order of addresses goes by: the tables of RFC 6724 as glibc has them, or those of /etc/gai.conf if the guest may read
// it (gai.conf(5)).
#pragma once

#include <stddef.h>

#include "support/address.h"

namespace posix_sockets {

// Addresses that begin with so many bits of the prefix have the value. IPv4 addresses count as mapped ones.
struct PrefixRule {
  uint8_t prefix[16];
  int bits;
  int value;
};

// The longest prefix stands first, and one of no bits last.
struct PrefixRules {
  const PrefixRule* first;
  size_t count;

  int value_of(const SocketAddress& address) const;
};

struct Policy {
  PrefixRules labels;
  PrefixRules precedences;
  PrefixRules ipv4_scopes;
  bool own = false;  // of a file

  // RFC 6724 section 3.1 and 3.2; the scope of a multicast address stands in it.
  int scope_of(const SocketAddress& address) const;
};

extern const Policy default_policy;

constexpr char policy_path[] = "/etc/gai.conf";

// The policy to go by, which lives until the next call. The file is read once, or if it says "reload yes" each time. Lines that
// aren't understood are passed over; without the memory for it the file doesn't count.
const Policy& read_policy(const char* path = policy_path);

int common_bits(const uint8_t* a, const uint8_t* b, int most);

}  // namespace posix_sockets
