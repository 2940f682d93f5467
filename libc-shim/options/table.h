// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The rows of options.def as data, 12 bytes each.
#pragma once

#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <sys/socket.h>

#include "description/socket.h"

// The values that wasi-libc's <bits/socket.h> would give without its own header in front.
#define SO_RCVTIMEO_OLD 20
#define SO_SNDTIMEO_OLD 21

namespace posix_sockets::options {

enum class Form : uint8_t { boolean, integer, linger, timeval, credentials, connection, nothing, zeros, address };

// How a value is read and written.
enum class Access : uint8_t {
  host,          // as the host has it
  host_seconds,  // the host keeps nanoseconds
  host_buffer,   // the host keeps half
  host_hops,     // -1 is the default; 0, of IPv6 only, is 1 for the host
  stored,        // as StoredOptions has it
  fixed,         // only the one value can be set
  kept,          // Linux's default, with a Setting
  ignored,       // any value can be set
  denied,        // EPERM
  // Each with its own rules, in access.cpp:
  accepts,
  backlog,
  defer_accept,
  domain,
  error,
  gathering,
  linger,
  linger2,
  packet_info,
  packet_info6,
  peer_credentials,
  priority,
  protocol,
  receive_low_water,
  receive_timeout,
  segment,
  send_low_water,
  send_timeout,
  ttl,
  type,
  type_of_service,
  unsupported,  // EOPNOTSUPP
  v6_only,
};

struct Accessor {
  Access access;
  uint8_t slot;      // a HostOption, a Stored or a Setting
  int16_t fallback;  // the default of a stored value, the value of a fixed one
};

struct Range {
  int8_t minimum;    // INT8_MIN: INT_MIN
  uint16_t maximum;  // UINT16_MAX: INT_MAX
};

struct Row {
  uint8_t level;  // the lowest 8 bits, which tell them apart
  int8_t minimum;
  uint16_t maximum;
  uint16_t name;
  uint16_t types : 3, families : 3, rights : 2, form : 4;
  Accessor accessor;
};
static_assert(sizeof(Row) == 12);

// A row of defaults.def, which are many: made a Row when it's asked for.
enum class Setting : uint8_t { keeps, filled, exact, loose, hops, never, invalid, denied, unsupported, foreign };
struct DefaultRow {
  uint8_t level;
  int8_t value;
  uint16_t name;
  uint16_t types : 3, families : 3, form : 4, setting : 4;
};
static_assert(sizeof(DefaultRow) == 6);

template <class Enum>
constexpr uint16_t bit(Enum value) {
  return static_cast<uint16_t>(1U << static_cast<unsigned>(value));
}
constexpr uint8_t can_get = 1, can_set = 2;

// The words of options.def.
namespace def {
constexpr uint16_t stream = bit(SocketType::stream), datagram = bit(SocketType::datagram),
                   packets = bit(SocketType::packets);
constexpr uint16_t any_type = stream | datagram | packets;
constexpr uint16_t ipv4 = bit(Family::ipv4), ipv6 = bit(Family::ipv6), local = bit(Family::unix_domain);
constexpr uint16_t ip_family = ipv4 | ipv6, any_family = ip_family | local;
constexpr uint8_t get = can_get, set = can_set, both = can_get | can_set;

constexpr Range any = {INT8_MIN, UINT16_MAX};
consteval Range range(int minimum, int maximum) {
  if (minimum <= INT8_MIN || minimum > INT8_MAX || (maximum >= UINT16_MAX && maximum != INT_MAX)) __builtin_trap();
  return {static_cast<int8_t>(minimum), maximum == INT_MAX ? uint16_t{UINT16_MAX} : static_cast<uint16_t>(maximum)};
}

consteval Accessor host(HostOption option) { return {Access::host, static_cast<uint8_t>(option), 0}; }
consteval Accessor seconds(HostOption option) { return {Access::host_seconds, static_cast<uint8_t>(option), 0}; }
consteval Accessor buffer(HostOption option) { return {Access::host_buffer, static_cast<uint8_t>(option), 0}; }
consteval Accessor hops(HostOption option) { return {Access::host_hops, static_cast<uint8_t>(option), 0}; }
consteval Accessor own(Access access, Stored slot = Stored::count, int fallback = 0) {
  return {access, static_cast<uint8_t>(slot), static_cast<int16_t>(fallback)};
}
consteval Accessor stored(Stored slot, int fallback = 0) { return own(Access::stored, slot, fallback); }
consteval Accessor fixed(int value) { return own(Access::fixed, Stored::count, value); }
consteval Accessor ignored(int value) { return own(Access::ignored, Stored::count, value); }

constexpr Row rows[] = {
#define ALIAS(name, other)
#define OPTION(level, name, types, families, form, rights, limits, accessor, ...)                    \
  {static_cast<uint8_t>(level),       limits.minimum, limits.maximum, name, types, families, rights, \
   static_cast<uint16_t>(Form::form), accessor},
#include "options/options.def"
#undef OPTION
#undef ALIAS
};

// What stands for a value in defaults.def: its form, and it.
struct Value {
  Form form;
  int8_t number;
  constexpr Value(int value) : form(Form::integer), number(static_cast<int8_t>(value)) {}
  constexpr Value(Form made_of, int value = 0) : form(made_of), number(static_cast<int8_t>(value)) {}
};
constexpr Value nothing = Form::nothing, zeros = Form::zeros, no_address = Form::address, on = {Form::boolean, 1};

constexpr DefaultRow defaults[] = {
#define DEFAULT(level, name, types, families, value, setting) \
  {static_cast<uint8_t>(level),                               \
   Value(value).number,                                       \
   name,                                                      \
   types,                                                     \
   families,                                                  \
   static_cast<uint16_t>(Value(value).form),                  \
   static_cast<uint16_t>(Setting::setting)},
#define ALIAS(name, other)
#include "options/defaults.def"
#undef ALIAS
#undef DEFAULT
};

// Whether every socket has at most one row for a name.
template <class A, class B>
consteval bool are_distinct(const A& left, const B& right) {
  for (const auto& a : left)
    for (const auto& b : right)
      if (static_cast<const void*>(&a) != static_cast<const void*>(&b) && a.level == b.level && a.name == b.name &&
          (a.types & b.types) != 0 && (a.families & b.families) != 0)
        return false;
  return true;
}
static_assert(are_distinct(rows, rows) && are_distinct(rows, defaults) && are_distinct(defaults, defaults));

#define OPTION(...)
#define DEFAULT(...)
#define ALIAS(name, other) static_assert(name == other);
#include "options/defaults.def"
#include "options/options.def"
#undef ALIAS
#undef DEFAULT
#undef OPTION
}  // namespace def

// What SO_PROTOCOL tells.
int protocol(const Socket& socket);

// The value of a row that holds an int. May read what reading changes, as SO_ERROR.
Result<int> read(Socket& socket, const Row& row);

// Sets a value of defaults.def.
Errno write_kept(const Row& row, int value);

// Sets an int that is in the row's range.
Errno write(Socket& socket, const Row& row, int value);

}  // namespace posix_sockets::options
