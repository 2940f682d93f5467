// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The rows of options.def as data.
#pragma once

#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "kinds/socket.h"

// The values that wasi-libc's <bits/socket.h> would give without its own header in front.
#define SO_RCVTIMEO_OLD 20
#define SO_SNDTIMEO_OLD 21

namespace posix_sockets::options {

enum class Codec : uint8_t { boolean, integer, small, linger, timeval };
enum class Access : uint8_t {
  host,
  stored,
  seconds,      // the host keeps nanoseconds
  buffer_size,  // the host keeps half
  ttl,          // -1 is the default
  type,
  domain,
  protocol,
  error,
  accept_connections,
  linger,
  receive_timeout,
  send_timeout,
  receive_low_water,
  send_low_water,
  v6_only,
};

constexpr uint8_t stream = 1, datagram = 2, any_type = 3;
constexpr uint8_t ipv4 = 1, ipv6 = 2, any_family = 3;
enum Rights : uint8_t { get_only = 1, set_only = 2, get_and_set = 3 };

struct Row {
  int level;
  int name;
  int minimum;
  int maximum;
  int argument;
  uint8_t types;
  uint8_t families;
  Codec codec;
  Rights rights;
  Access access;
  uint8_t slot;  // of StoredOptions::values, for Access::stored
};

namespace rights {
constexpr Rights get = get_only, set = set_only, both = get_and_set;
}

// Rows that store have a slot each; the order of the table gives them out.
enum Line {
#define OPTION(level, name, types, families, codec, rights, minimum, maximum, access, ...) line_##name##_##types,
#include "options/options.def"
#undef OPTION
  line_count
};

namespace detail {
constexpr bool is_stored[] = {
#define OPTION(level, name, types, families, codec, rights, minimum, maximum, access, ...) Access::access == Access::stored,
#include "options/options.def"
#undef OPTION
};
constexpr uint8_t slot_of(int line) {
  uint8_t slot = 0;
  for (int i = 0; i < line; ++i) slot += is_stored[i];
  return slot;
}
}  // namespace detail

constexpr int stored_count = detail::slot_of(line_count);
static_assert(stored_count <= static_cast<int>(sizeof StoredOptions::values / sizeof(int)));

constexpr Row rows[] = {
#define OPTION(level, name, types, families, codec, right, minimum, maximum, access, argument, ...)                     \
  {level, name, minimum, maximum, static_cast<int>(argument), types, families, Codec::codec, rights::right, Access::access, \
   detail::slot_of(line_##name##_##types)},
#include "options/options.def"
#undef OPTION
};

}  // namespace posix_sockets::options
