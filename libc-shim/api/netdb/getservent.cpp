// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// getservent, setservent, endservent, getservent_r: /etc/services if the guest may read it, else the built-in services.
#include "names/entries.h"
#include "names/plain_name.h"
#include "names/services.h"

namespace posix_sockets {
namespace {

constinit Entries<Service, servent> entries{[](LineReader& reader) { open_services(reader); }, next_service, pack};

}  // namespace
}  // namespace posix_sockets

using posix_sockets::entries;

extern "C" {

// Starts over with the first service. There is no connection to keep, so `stay_open` says nothing.
// Source: POSIX.1-2024 endservent.
void __wrap_setservent(int /*stay_open*/) { entries.rewind(); }

// Gives back what getservent() holds.
void __wrap_endservent() { entries.end(); }

// The next service; it lives until the next call. Null: there is none left; or no memory, with errno ENOMEM.
servent* __wrap_getservent() { return entries.get_static(); }

// The next service, in the caller's `entry` and `buffer` of `size` bytes. ENOENT: there is none left. ERANGE: the
// buffer is too small; the same service comes again. ENOMEM: no memory to read the file. Source: getservent_r(3).
int __wrap_getservent_r(servent* entry, char* buffer, size_t size, servent** result) {
  return entries.get(entry, buffer, size, result);
}

}  // extern "C"

PLAIN_NAME(setservent)
PLAIN_NAME(endservent)
PLAIN_NAME(getservent)
PLAIN_NAME(getservent_r)
