// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// /etc/resolv.conf, if the guest may read it: name servers, the search list and the options (resolv.conf(5)).
#pragma once

#include "names/address_list.h"
#include "names/line_reader.h"

namespace posix_sockets {

// Where it is looked for. Tests name another file.
inline const char* resolver_settings_path = "/etc/resolv.conf";

struct ResolverSettings {
  static constexpr int most_servers = 3;

  SocketAddress servers[most_servers];
  int server_count = 0;
  int ndots = 1;     // a name with so many dots is tried as it is before the search list
  int timeout = 5;   // seconds for an answer of one server
  int attempts = 2;  // rounds through the servers
  bool use_tcp = false;
  List<char> search;  // domains, as a list of words; empty: none

  const char* domains() const { return search.empty() ? "" : search.data(); }
};

enum class SettingsStatus { read, absent, out_of_memory };

// Reads the file, then the environment's LOCALDOMAIN, which replaces the search list, and RES_OPTIONS, which adds options.
// Lines that aren't understood are passed over. Absent: the guest has no such file; `settings` has the defaults.
// A name server is an address, or with a port "[ADDRESS]:PORT", as OpenBSD's resolv.conf(5) has it.
SettingsStatus read_resolver_settings(ResolverSettings& settings);

}  // namespace posix_sockets
