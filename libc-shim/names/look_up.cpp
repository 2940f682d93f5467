// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "names/look_up.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>

#include "names/resolver.h"
#include "names/source_address.h"

namespace posix_sockets {
namespace {

// The longest name in DNS has 253 bytes, and a dot may follow.
constexpr size_t longest_name = 254;

bool add_name(Host& host, const char* name) {
  char words[longest_name + 2];
  const size_t length = strnlen(name, longest_name);
  memcpy(words, name, length);
  words[length] = words[length + 1] = '\0';
  return host.add_names(words);
}

}  // namespace

int look_up(const char* name, Families families, Host& host) {
  const size_t length = strnlen(name, longest_name + 1);
  if (length == 0 || length > longest_name) return EAI_NONAME;
  if (!find_host_by_name(name, families, host)) return EAI_MEMORY;
  if (!host.addresses.empty()) return sort_addresses(host.addresses) ? 0 : EAI_MEMORY;
  if (is_localhost(name)) {
    if (!add_name(host, "localhost") || !add_loopback(families, host)) return EAI_MEMORY;
    return sort_addresses(host.addresses) ? 0 : EAI_MEMORY;
  }
  // The host gives its addresses "in connection order preference": it knows its networks better than a guest does.
  const int error = resolve(name, length, families, host.addresses);
  if (error != 0) return error;
  // WASI tells no canonical name: it's the one that was asked for.
  return add_name(host, name) ? 0 : EAI_MEMORY;
}

int look_up_address(const SocketAddress& address, Host& host) {
  if (!find_host_by_address(address, host)) return EAI_MEMORY;
  if (host.name() != nullptr) return 0;
  if (address == SocketAddress::loopback(address.family, address.port))
    return add_name(host, "localhost") && host.addresses.add(address) ? 0 : EAI_MEMORY;
  return resolve_address(address, host);
}

}  // namespace posix_sockets
