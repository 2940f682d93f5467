// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the gethostby... functions share: their queries, errors and struct hostent.
#pragma once

#include <netdb.h>

#include "names/hosts.h"

namespace posix_sockets {

// How a query ended, in the terms of the _r functions: `error` is what they return, an errno value.
struct HostStatus {
  int error;
  int h_error;
};
constexpr HostStatus host_found = {0, NETDB_SUCCESS};

// A failure that errno explains.
constexpr HostStatus internal(int error) { return {error, NETDB_INTERNAL}; }

HostStatus find_by_name(const char* name, int family, Host& host);
HostStatus find_by_address(const void* address, socklen_t length, int family, Host& host);

// Copies a host to a caller's entry. ERANGE: the buffer is too small.
int pack(const Host& host, hostent* entry, char* buffer, size_t size);

// The end of a _r function: gives the host that was found, or none, in the caller's variables.
int finish(HostStatus status, const Host& host, hostent* entry, char* buffer, size_t size, hostent** result,
           int* h_error);

// The end of a function that returns static data: sets h_errno, and errno where it explains more.
hostent* finish_static(HostStatus status, const Host& host);

}  // namespace posix_sockets
