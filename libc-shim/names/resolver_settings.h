// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// /etc/resolv.conf, if the guest may read it: name servers, the search list and the options (resolv.conf(5)).
#pragma once

#include "names/address_list.h"
#include "names/line_reader.h"

namespace posix_sockets {

// Where it is looked for. Tests name another file.
inline const char* resolver_settings_path = "/etc/resolv.conf";

// Addresses of the same network belong together: a rule of a sortlist line, in host byte order.
struct SortRule {
  uint32_t address;
  uint32_t mask;
};

struct ResolverSettings {
  static constexpr int most_servers = 3;
  static constexpr int most_sort_rules = 10;

  SocketAddress servers[most_servers];
  int server_count = 0;
  int ndots = 1;              // a name with so many dots is tried as it is before the search list
  int timeout = 5;            // seconds for an answer of one server; below 1 it means 1
  int attempts = 2;           // rounds through the servers; below 1: nobody is asked
  unsigned long options = 0;  // the bits of <resolv.h> that the options set
  SortRule sort_rules[most_sort_rules];
  int sort_rule_count = 0;
  List<char> search;  // domains as they are written, as a list of words; empty: none

  const char* domains() const { return search.empty() ? "" : search.data(); }
  bool has(unsigned long option) const { return (options & option) != 0; }
};

// What is to be appended to a name to search it in a domain of the list: nothing for the root, which may be written ".".
inline const char* suffix_of(const char* domain) { return *domain == '.' ? domain + 1 : domain; }

enum class SettingsStatus { read, absent, out_of_memory };

// Reads the file, then the environment's LOCALDOMAIN, which replaces the search list, and RES_OPTIONS, which adds options.
// Lines that aren't understood are passed over; what is, is glibc's: a keyword counts at the line's begin only, comments are
// lines of their own, numbers go as far as there are digits. Absent: the guest has no such file; the environment counts.
// A name server is an address, or with a port "[ADDRESS]:PORT", as OpenBSD's resolv.conf(5) has it.
SettingsStatus read_resolver_settings(ResolverSettings& settings);

// The place of an IPv4 address by the sort rules; their count if none is about it.
int sort_place(const ResolverSettings& settings, const SocketAddress& address);

}  // namespace posix_sockets
