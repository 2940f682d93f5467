// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// gethostbyname, gethostbyname2 and their _r forms.
#include "names/host_entry.h"
#include "names/plain_name.h"

using namespace posix_sockets;

extern "C" {

// Looks the addresses of one family up: `family` is AF_INET or AF_INET6; `name` is a name or a numeric address of that
// family. The entry lives until the next call that returns a host. Null and h_errno:
//   HOST_NOT_FOUND  no such name
//   NO_DATA         it has no address of that family
//   TRY_AGAIN       the resolver can't answer now
//   NO_RECOVERY     the resolver failed for good, or the host forbids look-ups
//   NETDB_INTERNAL  errno: EAFNOSUPPORT for another family, ENOMEM, and others as the host gives them
// Source: gethostbyname(3).
hostent* __wrap_gethostbyname2(const char* name, int family) {
  Host host;
  return finish_static(find_by_name(name, family, host), host);
}

// The same for IPv4.
hostent* __wrap_gethostbyname(const char* name) { return __wrap_gethostbyname2(name, AF_INET); }

// As gethostbyname2, but the entry with all it points to is in the caller's `entry` and `buffer` of `size` bytes.
// Returns 0 and sets *result, to null if there is no such host, and *h_error as above. Else an errno value: ERANGE: the
// buffer is too small; EAGAIN with TRY_AGAIN; EBADMSG with NO_RECOVERY; with NETDB_INTERNAL the cause. Source:
// gethostbyname(3).
int __wrap_gethostbyname2_r(const char* name, int family, hostent* entry, char* buffer, size_t size, hostent** result,
                            int* h_error) {
  Host host;
  return finish(find_by_name(name, family, host), host, entry, buffer, size, result, h_error);
}

// The same for IPv4.
int __wrap_gethostbyname_r(const char* name, hostent* entry, char* buffer, size_t size, hostent** result,
                           int* h_error) {
  return __wrap_gethostbyname2_r(name, AF_INET, entry, buffer, size, result, h_error);
}

}  // extern "C"

PLAIN_NAME(gethostbyname2)
PLAIN_NAME(gethostbyname)
PLAIN_NAME(gethostbyname2_r)
PLAIN_NAME(gethostbyname_r)
