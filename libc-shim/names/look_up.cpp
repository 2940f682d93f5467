// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "names/look_up.h"

#include <errno.h>
#include <limits.h>
#include <netdb.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "names/resolver.h"
#include "names/resolver_settings.h"
#include "names/source_address.h"

namespace posix_sockets {
namespace {

// The longest name in DNS has 253 bytes, and a dot may follow.
constexpr size_t longest_name = 254;

bool add_name(Host& host, const char* name) {
  char words[longest_name + 2];
  const size_t length = strnlen(name, longest_name);
  memcpy(words, name, length);
  words[length] = words[length + 1] = '\0';
  return host.add_names(words);
}

// The host gives its addresses "in connection order preference": it knows its networks better than a guest does.
int ask_host(const char* name, size_t length, Families families, Host& host) {
  const int error = resolve(name, length, families, host.addresses);
  if (error != 0) return error;
  // WASI tells no canonical name: it's the one that was asked for.
  return add_name(host, name) ? 0 : EAI_MEMORY;
}

int ask_host_in_domain(const char* name, size_t length, const char* domain, Families families, Host& host) {
  char whole[longest_name + 1];
  const size_t domain_length = strlen(domain);
  const size_t whole_length = length + 1 + domain_length;
  if (whole_length > longest_name) return EAI_NONAME;
  memcpy(whole, name, length);
  whole[length] = '.';
  memcpy(whole + length + 1, domain, domain_length + 1);
  return ask_host(whole, whole_length, families, host);
}

// Whether another name may still be found after this one wasn't.
bool may_search_on(int error) { return error == EAI_NONAME || error == EAI_NODATA || error == EAI_AGAIN; }

// Tries the name as it is and in the domains of the search list, in the order of resolv.conf(5). If all fail, the error is
// that of the name as it is if it was tried first; else the most telling one.
int search(const char* name, size_t length, Families families, Host& host) {
  ResolverSettings settings;
  if (read_resolver_settings(settings) == SettingsStatus::out_of_memory) return EAI_MEMORY;
  int dots = 0;
  for (size_t i = 0; i < length; ++i) dots += name[i] == '.' ? 1 : 0;
  const bool complete = name[length - 1] == '.';
  const bool first = complete || dots >= settings.ndots;
  int first_error = EAI_NONAME;
  if (first) {
    first_error = ask_host(name, length, families, host);
    if (complete || !may_search_on(first_error)) return first_error;
  }
  bool no_data = false;
  bool failed = false;
  for (const char* domain = settings.domains(); *domain != '\0'; domain = next_word(domain)) {
    const int error = ask_host_in_domain(name, length, domain, families, host);
    if (!may_search_on(error)) return error;
    no_data = no_data || error == EAI_NODATA;
    failed = failed || error == EAI_AGAIN;
  }
  if (first) return first_error;
  const int error = ask_host(name, length, families, host);
  if (!may_search_on(error)) return error;
  if (no_data) return EAI_NODATA;
  return failed ? EAI_AGAIN : error;
}

// Whether it's the machine's own name, which the C library of Linux knows without asking (nss-myhostname(8)): many a
// server looks it up when it starts.
bool is_own_name(const char* name) {
  char own[HOST_NAME_MAX + 1];
  return gethostname(own, sizeof own) == 0 && strcasecmp(name, own) == 0;
}

// Why the file of hosts couldn't be read, though it may be there.
int hosts_error() { return errno == EMFILE ? EAI_SYSTEM : EAI_MEMORY; }

}  // namespace

int look_up(const char* name, Families families, Host& host) {
  const size_t length = strnlen(name, longest_name + 1);
  if (length == 0 || length > longest_name) return EAI_NONAME;
  if (!find_host_by_name(name, families, host)) return hosts_error();
  if (!host.addresses.empty()) return sort_addresses(host.addresses) ? 0 : EAI_MEMORY;
  const bool localhost = is_localhost(name);
  if (localhost || is_own_name(name)) {
    if (!add_name(host, localhost ? "localhost" : name) || !add_loopback(families, host)) return EAI_MEMORY;
    return sort_addresses(host.addresses) ? 0 : EAI_MEMORY;
  }
  return search(name, length, families, host);
}

int look_up_address(const SocketAddress& address, Host& host) {
  if (!find_host_by_address(address, host)) return hosts_error();
  if (host.name() != nullptr) return 0;
  if (address == SocketAddress::loopback(address.family, address.port))
    return add_name(host, "localhost") && host.addresses.add(address) ? 0 : EAI_MEMORY;
  return resolve_address(address, host);
}

}  // namespace posix_sockets
