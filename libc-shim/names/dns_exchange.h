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

// The same for the addresses of `name`, which must be one by is_host_name(): first IPv4, then IPv6. EAI_NODATA: it has none of
// these families. `stop`: no server could answer, so that it makes no sense to ask for another name, as glibc has it.
int ask_for_addresses(const ResolverSettings& settings, const char* name, size_t length, Families families, Host& host,
                      bool& stop);

// RES_ROTATE: which of the servers comes first this time.
int next_server(int count);

}  // namespace posix_sockets::dns
