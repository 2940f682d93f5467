// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// getservbyname, getservbyport and their _r forms.
#include <arpa/inet.h>
#include <errno.h>

#include "names/plain_name.h"
#include "names/services.h"
#include "names/storage.h"

namespace posix_sockets {
namespace {

Storage storage;
servent static_entry;

int get_service(const ServiceQuery& query, servent* entry, char* buffer, size_t size, servent** result) {
  *result = nullptr;
  LineReader reader;
  Service service;
  if (!find_service(reader, query, service)) return reader.out_of_memory() ? ENOMEM : 0;
  const int error = pack(service, entry, buffer, size);
  if (error == 0) *result = entry;
  return error;
}

servent* get_static_service(const ServiceQuery& query) {
  servent* result = nullptr;
  const int error =
      storage.fit([&](char* buffer, size_t size) { return get_service(query, &static_entry, buffer, size, &result); });
  if (error != 0) errno = error;
  return result;
}

// A null name is no service's name.
const char* or_empty(const char* name) { return name != nullptr ? name : ""; }

// The ports of a query are ints in network byte order: what isn't one matches no service.
bool port_query(int port, const char* protocol, ServiceQuery& query) {
  if (port < 0 || port > 65535) return false;
  query.port = ntohs(static_cast<uint16_t>(port));
  query.protocol = protocol;
  return true;
}

}  // namespace
}  // namespace posix_sockets

using namespace posix_sockets;

extern "C" {

// Looks for the service `name`, or one with such an alias, over `protocol` (null: any). The port is in network byte
// order; the entry lives until the next call that returns a service. Null: there is none; or no memory, with errno
// ENOMEM. Source: POSIX.1-2024 endservent; getservent(3).
servent* __wrap_getservbyname(const char* name, const char* protocol) {
  return get_static_service({or_empty(name), protocol, -1});
}

// The same by port number, an int in network byte order.
servent* __wrap_getservbyport(int port, const char* protocol) {
  ServiceQuery query;
  return port_query(port, protocol, query) ? get_static_service(query) : nullptr;
}

// As getservbyname, but the entry and its strings are the caller's `entry` and `buffer` of `size` bytes. Returns 0 and
// sets *result, to null if there is no such service. ERANGE: the buffer is too small. ENOMEM: no memory to read the
// file. Source: getservent_r(3).
int __wrap_getservbyname_r(const char* name, const char* protocol, servent* entry, char* buffer, size_t size,
                           servent** result) {
  return get_service({or_empty(name), protocol, -1}, entry, buffer, size, result);
}

// The same by port number, an int in network byte order.
int __wrap_getservbyport_r(int port, const char* protocol, servent* entry, char* buffer, size_t size,
                           servent** result) {
  *result = nullptr;
  ServiceQuery query;
  return port_query(port, protocol, query) ? get_service(query, entry, buffer, size, result) : 0;
}

}  // extern "C"

PLAIN_NAME(getservbyname)
PLAIN_NAME(getservbyport)
PLAIN_NAME(getservbyname_r)
PLAIN_NAME(getservbyport_r)
