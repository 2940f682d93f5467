// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// getnetbyname, getnetbyaddr.
#include <errno.h>
#include <sys/socket.h>

#include "names/networks.h"
#include "names/plain_name.h"
#include "names/storage.h"

namespace posix_sockets {
namespace {

Storage storage;
netent static_entry;

netent* get_network(const char* name, uint32_t number) {
  LineReader reader;
  Network network;
  int error = 0;
  if (find_network(reader, name, number, network)) {
    error = storage.fit([&](char* buffer, size_t size) { return pack(network, &static_entry, buffer, size); });
    if (error == 0) return &static_entry;
  } else if (reader.out_of_memory()) {
    error = ENOMEM;
  }
  if (error != 0) errno = error;
  h_errno = error != 0 ? NETDB_INTERNAL : HOST_NOT_FOUND;
  return nullptr;
}

}  // namespace
}  // namespace posix_sockets

using namespace posix_sockets;

extern "C" {

// Looks for the network `name`, or one with such an alias, in /etc/networks if the guest may read it; the loopback
// network is always there. The entry lives until the next call that returns a network. Null and h_errno:
// HOST_NOT_FOUND: there is none; NETDB_INTERNAL: errno is ENOMEM. Source: POSIX.1-2024 endnetent; getnetent(3).
netent* __wrap_getnetbyname(const char* name) { return get_network(name != nullptr ? name : "", 0); }

// The same by number, in host byte order; `type` is AF_INET or AF_UNSPEC, other families have no networks.
netent* __wrap_getnetbyaddr(uint32_t number, int type) {
  if (type == AF_INET || type == AF_UNSPEC) return get_network(nullptr, number);
  h_errno = HOST_NOT_FOUND;
  return nullptr;
}

}  // extern "C"

PLAIN_NAME(getnetbyname)
PLAIN_NAME(getnetbyaddr)
