// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Asking name servers over sockets of the guest's own.
#pragma once

#include "names/hosts.h"
#include "names/resolver_settings.h"

namespace posix_sockets::dns {

// Adds the name that the servers have for `address` to `host`. Waits as long as the settings say. Returns 0 or an EAI_ code:
// EAI_NONAME: it has none; EAI_AGAIN: no server gives an answer; EAI_MEMORY; EAI_SYSTEM: no sockets, errno says why: EACCES
// if the guest has no network, EMFILE.
int ask_for_name(const ResolverSettings& settings, const SocketAddress& address, Host& host);

}  // namespace posix_sockets::dns
