// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// gethostent, sethostent, endhostent, gethostent_r: /etc/hosts if the guest may read it, else localhost.
#include "names/entries.h"
#include "names/host_entry.h"
#include "names/plain_name.h"

namespace posix_sockets {
namespace {

void open_hosts(LineReader& reader) {
  if (!reader.open(hosts_path)) reader.open_text("127.0.0.1 localhost\n");
}

bool next_ipv4_host(LineReader& reader, HostLine& line) { return next_host(reader, Families::ipv4, line); }

int pack_line(const HostLine& line, hostent* entry, char* buffer, size_t size) {
  Host host;
  if (!host.add_names(line.names) || !host.addresses.add(line.address)) return ENOMEM;
  return pack(host, entry, buffer, size);
}

constinit Entries<HostLine, hostent> entries{open_hosts, next_ipv4_host, pack_line};

int h_error_of(int error) {
  if (error == 0) return NETDB_SUCCESS;
  return error == ENOENT ? HOST_NOT_FOUND : NETDB_INTERNAL;
}

}  // namespace
}  // namespace posix_sockets

using namespace posix_sockets;

extern "C" {

// Starts over with the first host. There is no connection to keep, so `stay_open` says nothing.
// Source: POSIX.1-2024 endhostent.
void __wrap_sethostent(int /*stay_open*/) { entries.rewind(); }

// Gives back what gethostent() holds.
void __wrap_endhostent() { entries.end(); }

// The next host, one a line of the file, of those with an IPv4 address or, as on Linux, what IPv4 look-ups take for one: mapped
// addresses and ::1 as 127.0.0.1. It lives until the next call. Null: there is none left; or
// no memory, with errno ENOMEM.
hostent* __wrap_gethostent() { return entries.get_static(); }

// The next host, in the caller's `entry` and `buffer` of `size` bytes. ENOENT with *h_error HOST_NOT_FOUND: there is
// none left. With NETDB_INTERNAL: ERANGE: the buffer is too small, the same host comes again; ENOMEM. Source:
// gethostbyname(3).
int __wrap_gethostent_r(hostent* entry, char* buffer, size_t size, hostent** result, int* h_error) {
  const int error = entries.get(entry, buffer, size, result);
  if (h_error != nullptr) *h_error = h_error_of(error);
  return error;
}

}  // extern "C"

PLAIN_NAME(sethostent)
PLAIN_NAME(endhostent)
PLAIN_NAME(gethostent)
PLAIN_NAME(gethostent_r)
