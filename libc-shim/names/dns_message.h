// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// DNS messages, as far as look-ups need them (RFC 1035). Replies come from strangers: nothing in them is trusted.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "names/hosts.h"

namespace posix_sockets::dns {

enum class Type : uint16_t { a = 1, ptr = 12, aaaa = 28 };

// A query for the records of one name.
struct Query {
  uint8_t bytes[12 + 255 + 4 + 11];  // the header, the longest name, type and class, and what asks for extensions
  size_t size;
  Type type;
};

// Asks for the PTR records of `address`; a mapped IPv4 address is asked for as an IPv4 address.
Query make_reverse_query(const SocketAddress& address, uint16_t id);

// Asks for the addresses that a name has, which is_host_name().
Query make_query(const char* name, size_t length, Family family, uint16_t id);

// Adds that replies may have `size` bytes over UDP (RFC 6891).
void allow_size(Query& query, uint16_t size);

// Letters, digits, '-' but not in front, and '_' as glibc has it, in labels of 1 to 63; a dot may follow. No other names have
// addresses, neither on Linux.
bool is_host_name(const char* name, size_t length);

enum class Reply : uint8_t {
  found,         // added to the host
  no_such_name,  // NXDOMAIN
  no_records,    // the name has none of the type
  no_use,        // there are records, but nothing that was asked for; or the server finds fault with the query
  truncated,     // to be asked again over TCP
  server_failure,
  failure,    // the server won't or can't; or the message makes no sense
  unrelated,  // not the answer to this query: it is to be ignored
  out_of_memory,
};

// Reads the reply to `query`, and adds the first name in it to `host`, or all addresses with the name that has them and the
// names that lead to it. Aliases (CNAME) are followed within the message. `may_be_cut`: whether TC counts, as it does over UDP.
Reply read_reply(const uint8_t* message, size_t size, const Query& query, bool may_be_cut, Host& host);

}  // namespace posix_sockets::dns
