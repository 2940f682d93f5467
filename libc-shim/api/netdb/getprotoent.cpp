// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// getprotoent, setprotoent, endprotoent, getprotoent_r: /etc/protocols if the guest may read it, else the built-in
// ones.
#include "names/entries.h"
#include "names/plain_name.h"
#include "names/protocols.h"

namespace posix_sockets {
namespace {

constinit Entries<Protocol, protoent> entries{[](LineReader& reader) { open_protocols(reader); }, next_protocol, pack};

}  // namespace
}  // namespace posix_sockets

using posix_sockets::entries;

extern "C" {

// Starts over with the first protocol. There is no connection to keep, so `stay_open` says nothing.
// Source: POSIX.1-2024 endprotoent.
void __wrap_setprotoent(int /*stay_open*/) { entries.rewind(); }

// Gives back what getprotoent() holds.
void __wrap_endprotoent() { entries.end(); }

// The next protocol; it lives until the next call. Null: there is none left; or no memory, with errno ENOMEM.
protoent* __wrap_getprotoent() { return entries.get_static(); }

// The next protocol, in the caller's `entry` and `buffer` of `size` bytes. ENOENT: there is none left. ERANGE: the
// buffer is too small; the same protocol comes again. ENOMEM: no memory to read the file. Source: getprotoent_r(3).
int __wrap_getprotoent_r(protoent* entry, char* buffer, size_t size, protoent** result) {
  return entries.get(entry, buffer, size, result);
}

}  // extern "C"

PLAIN_NAME(setprotoent)
PLAIN_NAME(endprotoent)
PLAIN_NAME(getprotoent)
PLAIN_NAME(getprotoent_r)
