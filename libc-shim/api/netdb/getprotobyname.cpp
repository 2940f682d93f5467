// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// getprotobyname, getprotobynumber and their _r forms.
#include <errno.h>

#include "names/plain_name.h"
#include "names/protocols.h"
#include "names/storage.h"

namespace posix_sockets {
namespace {

Storage storage;
protoent static_entry;

int get_protocol(const char* name, int number, protoent* entry, char* buffer, size_t size, protoent** result) {
  *result = nullptr;
  LineReader reader;
  Protocol protocol;
  if (!find_protocol(reader, name, number, protocol)) return reader.out_of_memory() ? ENOMEM : 0;
  const int error = pack(protocol, entry, buffer, size);
  if (error == 0) *result = entry;
  return error;
}

protoent* get_static_protocol(const char* name, int number) {
  protoent* result = nullptr;
  const int error = storage.fit(
      [&](char* buffer, size_t size) { return get_protocol(name, number, &static_entry, buffer, size, &result); });
  if (error != 0) errno = error;
  return result;
}

// A null name is no protocol's name.
const char* or_empty(const char* name) { return name != nullptr ? name : ""; }

}  // namespace
}  // namespace posix_sockets

using namespace posix_sockets;

extern "C" {

// Looks for the protocol `name`, or one with such an alias. The entry lives until the next call that returns a
// protocol. Null: there is none; or no memory, with errno ENOMEM. Source: POSIX.1-2024 endprotoent; getprotoent(3).
protoent* __wrap_getprotobyname(const char* name) { return get_static_protocol(or_empty(name), 0); }

// The same by number.
protoent* __wrap_getprotobynumber(int number) { return get_static_protocol(nullptr, number); }

// As getprotobyname, but the entry and its strings are the caller's `entry` and `buffer` of `size` bytes. Returns 0 and
// sets *result, to null if there is no such protocol. ERANGE: the buffer is too small. ENOMEM: no memory to read the
// file. Source: getprotoent_r(3).
int __wrap_getprotobyname_r(const char* name, protoent* entry, char* buffer, size_t size, protoent** result) {
  return get_protocol(or_empty(name), 0, entry, buffer, size, result);
}

// The same by number.
int __wrap_getprotobynumber_r(int number, protoent* entry, char* buffer, size_t size, protoent** result) {
  return get_protocol(nullptr, number, entry, buffer, size, result);
}

}  // extern "C"

PLAIN_NAME(getprotobyname)
PLAIN_NAME(getprotobynumber)
PLAIN_NAME(getprotobyname_r)
PLAIN_NAME(getprotobynumber_r)
