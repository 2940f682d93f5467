// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// gethostbyaddr and its _r form.
#include "names/host_entry.h"
#include "names/plain_name.h"

using namespace posix_sockets;

extern "C" {

// Looks the name of an address up: the 4 bytes of AF_INET or the 16 of AF_INET6, in /etc/hosts if the guest may read
// it; the loopback addresses are "localhost" without it; then by the name servers of /etc/resolv.conf if the guest may read
// that. The entry lives until the next call that returns a host. Null and h_errno:
//   HOST_NOT_FOUND  no name is known, or `length` is too large
//   TRY_AGAIN       no name server gives an answer
//   NETDB_INTERNAL  errno: EAFNOSUPPORT for another family or too short a length, ENOMEM; EACCES without a network
// Source: gethostbyname(3).
hostent* __wrap_gethostbyaddr(const void* address, socklen_t length, int family) {
  Host host;
  return finish_static(find_by_address(address, length, family, host), host);
}

// The same in the caller's `entry` and `buffer` of `size` bytes. Returns 0 and sets *result, to null if no name is
// known, and *h_error as above; ERANGE: the buffer is too small; with NETDB_INTERNAL the cause. Source:
// gethostbyname(3).
int __wrap_gethostbyaddr_r(const void* address, socklen_t length, int family, hostent* entry, char* buffer, size_t size,
                           hostent** result, int* h_error) {
  Host host;
  return finish(find_by_address(address, length, family, host), host, entry, buffer, size, result, h_error);
}

}  // extern "C"

PLAIN_NAME(gethostbyaddr)
PLAIN_NAME(gethostbyaddr_r)
