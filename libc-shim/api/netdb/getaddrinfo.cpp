// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// getaddrinfo, freeaddrinfo.
#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#include <initializer_list>

#include "names/look_up.h"
#include "names/numeric.h"
#include "names/plain_name.h"
#include "names/socket_types.h"
#include "names/source_address.h"
#include "support/memory.h"

namespace posix_sockets {
namespace {

constexpr int known_flags =
    AI_PASSIVE | AI_CANONNAME | AI_NUMERICHOST | AI_V4MAPPED | AI_ALL | AI_ADDRCONFIG | AI_NUMERICSERV;

// Each entry is freed by itself, as a program may take a list apart.
struct Entry {
  addrinfo info;
  union {
    sockaddr_in in4;
    sockaddr_in6 in6;
  };
};
static_assert(__builtin_offsetof(Entry, info) == 0);

struct Answer {
  addrinfo* first = nullptr;
  addrinfo** end = &first;
};

void free_entries(addrinfo* entry) {
  while (entry != nullptr) {
    addrinfo* next = entry->ai_next;
    free(entry->ai_canonname);
    free(entry);
    entry = next;
  }
}

// False: no memory.
bool add_entry(Answer& answer, int flags, const SocketType& type, SocketAddress address) {
  auto* entry = static_cast<Entry*>(calloc(1, sizeof(Entry)));
  if (entry == nullptr) return false;
  *answer.end = &entry->info;
  answer.end = &entry->info.ai_next;
  address.port = type.port;
  const bool ipv4 = address.family == Family::ipv4;
  entry->info.ai_flags = flags;
  entry->info.ai_family = ipv4 ? AF_INET : AF_INET6;
  entry->info.ai_socktype = type.type;
  entry->info.ai_protocol = type.protocol;
  entry->info.ai_addr = reinterpret_cast<sockaddr*>(&entry->in4);
  entry->info.ai_addrlen = ipv4 ? sizeof entry->in4 : sizeof entry->in6;
  return to_sockaddr(address, entry->info.ai_addr, &entry->info.ai_addrlen).ok();
}

// No host: this machine, where a server listens or where a client finds it.
int add_own_addresses(Families families, bool passive, Host& host) {
  if (!passive) return add_loopback(families, host) && sort_addresses(host.addresses, read_policy()) ? 0 : EAI_MEMORY;
  // IPv4 first: a program that takes only the first entry expects it, and Linux's sorting comes to the same.
  for (Family family : {Family::ipv4, Family::ipv6})
    if (includes(families, family) && !host.addresses.add(SocketAddress::any(family))) return EAI_MEMORY;
  return 0;
}

// One address, made to fit the family that is asked for.
int add_numeric(SocketAddress address, const addrinfo& hints, Host& host) {
  if (hints.ai_family == AF_INET && address.family == Family::ipv6) {
    if (!address.is_ipv4_mapped()) return EAI_ADDRFAMILY;
    address = from_mapped(address);
  } else if (hints.ai_family == AF_INET6 && address.family == Family::ipv4) {
    if ((hints.ai_flags & AI_V4MAPPED) == 0) return EAI_ADDRFAMILY;
    address = to_mapped(address);
  }
  return host.addresses.add(address) ? 0 : EAI_MEMORY;
}

// AI_ADDRCONFIG: without the addresses of a family that this machine doesn't use.
void drop_unconfigured(AddressList& addresses) {
  bool known[2] = {};
  bool configured[2] = {};
  size_t kept = 0;
  for (size_t i = 0; i < addresses.size(); ++i) {
    const auto family = static_cast<int>(addresses[i].family);
    if (!known[family]) configured[family] = is_configured(addresses[i].family);
    known[family] = true;
    if (configured[family]) addresses[kept++] = addresses[i];
  }
  addresses.truncate(kept);
}

// Without the mapped addresses if there are others.
void prefer_ipv6(AddressList& addresses) {
  size_t kept = 0;
  for (size_t i = 0; i < addresses.size(); ++i)
    if (!addresses[i].is_ipv4_mapped()) addresses[kept++] = addresses[i];
  if (kept != 0) addresses.truncate(kept);
}

// Looks the addresses of the families up that this machine uses, if AI_ADDRCONFIG asks that.
int look_up_for(const char* node, Families families, int flags, Host& host) {
  const int error = look_up(node, families, host);
  if (error == 0 && (flags & AI_ADDRCONFIG) != 0) drop_unconfigured(host.addresses);
  return error == 0 && host.addresses.empty() ? EAI_NODATA : error;
}

// AI_V4MAPPED: without an IPv6 address, or with AI_ALL beside them, the IPv4 addresses as mapped ones.
int look_up_mapped(const char* node, int flags, Host& host) {
  const int error = look_up_for(node, Families::ipv6, flags, host);
  const bool all = (flags & AI_ALL) != 0;
  if (error == 0 && !all) {
    prefer_ipv6(host.addresses);
    return 0;
  }
  if (error != 0 && error != EAI_NODATA && error != EAI_NONAME) return error;
  Host ipv4;
  const int ipv4_error = look_up_for(node, Families::ipv4, flags, ipv4);
  if (ipv4_error != 0) return error == 0 && ipv4_error != EAI_MEMORY ? 0 : ipv4_error;
  for (const SocketAddress& address : ipv4.addresses)
    if (!host.addresses.add(to_mapped(address))) return EAI_MEMORY;
  host.in_order = error != 0 && ipv4.in_order;
  if (host.name() == nullptr) host.take_name(ipv4);
  return 0;
}

int add_named(const char* node, Families families, const addrinfo& hints, Host& host) {
  const bool map = hints.ai_family == AF_INET6 && (hints.ai_flags & AI_V4MAPPED) != 0;
  const int error =
      map ? look_up_mapped(node, hints.ai_flags, host) : look_up_for(node, families, hints.ai_flags, host);
  if (error != 0) return error;
  const Policy& policy = read_policy();
  return (host.in_order && !policy.own) || sort_addresses(host.addresses, policy) ? 0 : EAI_MEMORY;
}

int find_addresses(const char* node, Families families, const addrinfo& hints, Host& host) {
  if (node == nullptr) return add_own_addresses(families, (hints.ai_flags & AI_PASSIVE) != 0, host);
  SocketAddress address;
  switch (parse_numeric(node, address)) {
    case Numeric::address:
      return add_numeric(address, hints, host);
    case Numeric::bad_scope:
      return hints.ai_family == AF_INET ? EAI_ADDRFAMILY : EAI_NONAME;
    case Numeric::not_numeric:
      break;
  }
  if ((hints.ai_flags & AI_NUMERICHOST) != 0) return EAI_NONAME;
  return add_named(node, families, hints, host);
}

int get_addresses(const char* node, const char* service, const addrinfo& hints, Answer& answer) {
  if ((hints.ai_flags & ~known_flags) != 0) return EAI_BADFLAGS;
  if ((hints.ai_flags & AI_CANONNAME) != 0 && node == nullptr) return EAI_BADFLAGS;
  Families families = Families::both;
  if (hints.ai_family == AF_INET) {
    families = Families::ipv4;
  } else if (hints.ai_family == AF_INET6) {
    families = Families::ipv6;
  } else if (hints.ai_family != AF_UNSPEC) {
    return EAI_FAMILY;
  }
  SocketTypes types;
  int error = find_socket_types(service, hints, types);
  if (error != 0) return error;
  Host host;
  error = find_addresses(node, families, hints, host);
  if (error != 0) return error;
  for (const SocketAddress& address : host.addresses)
    for (int i = 0; i < types.count; ++i)
      if (!add_entry(answer, hints.ai_flags, types.items[i], address)) return EAI_MEMORY;
  if ((hints.ai_flags & AI_CANONNAME) != 0) {
    answer.first->ai_canonname = strdup(host.name() != nullptr ? host.name() : node);
    if (answer.first->ai_canonname == nullptr) return EAI_MEMORY;
  }
  return 0;
}

// Linux's answer to no hints.
constexpr addrinfo no_hints = [] {
  addrinfo hints = {};
  hints.ai_flags = AI_V4MAPPED | AI_ADDRCONFIG;
  hints.ai_family = AF_UNSPEC;
  return hints;
}();

const char* unless_star(const char* text) {
  return text != nullptr && text[0] == '*' && text[1] == '\0' ? nullptr : text;
}

}  // namespace
}  // namespace posix_sockets

using namespace posix_sockets;

extern "C" {

// Translates a host and a service to socket addresses. `node`: a name, a numeric address, or null for this machine: the
// wildcard addresses with AI_PASSIVE, else loopback. `service`: a name, a decimal port, or null for port 0. Null hints
// mean AI_V4MAPPED | AI_ADDRCONFIG. Gives a list in *result, in the order in which to try it, for freeaddrinfo(). Names
// are looked for in /etc/hosts if the guest may read it; "localhost", names under it and gethostname()'s are the loopback
// addresses; all others are the host's resolver's, and where that has none those of the name servers of /etc/resolv.conf if the
// guest may read that, tried with its search list. ai_canonname is the name of /etc/hosts, or the one that the host was asked for, as
// WASI tells no other. Returns 0 or:
//   EAI_NONAME      no such name; node and service are both null; AI_NUMERICHOST or AI_NUMERICSERV and not numeric
//   EAI_NODATA      the name has no address of that family
//   EAI_ADDRFAMILY  a numeric address of the other family
//   EAI_AGAIN       the resolver can't answer now
//   EAI_FAIL        the resolver failed for good, or the host forbids look-ups
//   EAI_BADFLAGS    unknown flags, or AI_CANONNAME without a node
//   EAI_FAMILY      neither AF_UNSPEC, AF_INET nor AF_INET6
//   EAI_SOCKTYPE    no such type, or not with that protocol
//   EAI_SERVICE     no such service for that type; a port above 65535
//   EAI_MEMORY      no memory
//   EAI_SYSTEM      errno: EFAULT for a null `result`; EACCES and others as the host gives them
// Source: POSIX.1-2024 freeaddrinfo; getaddrinfo(3); RFC 3493 section 6.1; RFC 6724; wasi:sockets/ip-name-lookup.
int __wrap_getaddrinfo(const char* node, const char* service, const addrinfo* hints, addrinfo** result) {
  if (result == nullptr) {
    errno = EFAULT;
    return EAI_SYSTEM;
  }
  node = unless_star(node);
  service = unless_star(service);
  if (node == nullptr && service == nullptr) return EAI_NONAME;
  Answer answer;
  const int error = get_addresses(node, service, hints != nullptr ? *hints : no_hints, answer);
  if (error != 0) {
    free_entries(answer.first);
    return error;
  }
  *result = answer.first;
  return 0;
}

// Frees the answer of getaddrinfo() or any part of it that a program cut off; null is none.
// Source: POSIX.1-2024 freeaddrinfo.
void __wrap_freeaddrinfo(addrinfo* answer) { free_entries(answer); }

}  // extern "C"

PLAIN_NAME(getaddrinfo)
PLAIN_NAME(freeaddrinfo)
