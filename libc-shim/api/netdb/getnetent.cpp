// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// getnetent, setnetent, endnetent: /etc/networks if the guest may read it, else the loopback network.
#include "names/entries.h"
#include "names/networks.h"
#include "names/plain_name.h"

namespace posix_sockets {
namespace {

constinit Entries<Network, netent> entries{[](LineReader& reader) { open_networks(reader); }, next_network, pack};

}  // namespace
}  // namespace posix_sockets

using posix_sockets::entries;

extern "C" {

// Starts over with the first network. There is no connection to keep, so `stay_open` says nothing.
// Source: POSIX.1-2024 endnetent.
void __wrap_setnetent(int /*stay_open*/) { entries.rewind(); }

// Gives back what getnetent() holds.
void __wrap_endnetent() { entries.end(); }

// The next network; it lives until the next call. Null: there is none left; or no memory, with errno ENOMEM.
netent* __wrap_getnetent() { return entries.get_static(); }

}  // extern "C"

PLAIN_NAME(setnetent)
PLAIN_NAME(endnetent)
PLAIN_NAME(getnetent)
