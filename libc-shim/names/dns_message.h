// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// DNS messages, as far as reverse look-ups need them (RFC 1035). Replies come from strangers: nothing in them is trusted.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "names/hosts.h"

namespace posix_sockets::dns {

// A query for the names of an address.
struct Query {
  uint8_t bytes[96];  // the header, 74 bytes of ip6.arpa name, type and class
  size_t size;
};

// Asks for the PTR records of `address`; a mapped IPv4 address is asked for as an IPv4 address.
Query make_reverse_query(const SocketAddress& address, uint16_t id);

enum class Reply : uint8_t {
  name,          // added to the host
  no_such_name,  // NXDOMAIN
  no_names,      // there is such a record, and no host name in it
  truncated,     // to be asked again over TCP
  failure,       // of the server; or the message makes no sense
  unrelated,     // not the answer to this query: it is to be ignored
  out_of_memory,
};

// Reads the reply to `query`, and adds the first name in it to `host`. Aliases (CNAME) are followed within the message.
// `may_be_cut`: whether TC counts, as it does over UDP.
Reply read_reply(const uint8_t* message, size_t size, const Query& query, bool may_be_cut, Host& host);

}  // namespace posix_sockets::dns
