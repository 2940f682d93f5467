// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "names/look_up.h"

#include <errno.h>
#include <limits.h>
#include <netdb.h>
#include <resolv.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "names/dns_exchange.h"
#include "names/dns_message.h"
#include "names/host_alias.h"
#include "names/resolver.h"
#include "names/resolver_settings.h"

namespace posix_sockets {
namespace {

// The longest name in DNS has 253 bytes, and a dot may follow.
constexpr size_t longest_name = 254;

// Without the dot that says that nothing is to be appended.
bool add_name(Host& host, const char* name) {
  char words[longest_name + 2];
  size_t length = strnlen(name, longest_name);
  if (length > 1 && name[length - 1] == '.') --length;
  memcpy(words, name, length);
  words[length] = words[length + 1] = '\0';
  return host.add_names(words);
}

// A search that is under way.
struct Search {
  ResolverSettings settings;
  bool has_servers = false;
  Families families = Families::both;
  bool stop = false;  // it makes no sense to ask for another name
};

// Asks for one name: the host, and then the name servers, for the host refuses some names unasked, and doesn't say why there is
// no answer.
int ask(const char* name, size_t length, Search& search, Host& host) {
  search.stop = false;
  // The component model traps on a string that isn't UTF-8, and hosts read "%41" or "[::1]" otherwise than it stands.
  if (!dns::is_host_name(name, length)) return EAI_NONAME;
  int error = resolve(name, length, search.families, host.addresses);
  host.in_order = error == 0;  // "in connection order preference"
  if (error == EAI_NONAME && search.has_servers) {
    const int host_errno = errno;
    const int servers_error = dns::ask_for_addresses(search.settings, name, length, search.families, host, search.stop);
    // Without sockets there is only what the host says.
    if (servers_error != EAI_SYSTEM) error = servers_error;
    if (servers_error == EAI_SYSTEM) errno = host_errno;
  }
  if (error != 0) return error;
  // WASI tells no canonical name: it's the one that was asked for.
  return host.name() != nullptr || add_name(host, name) ? 0 : EAI_MEMORY;
}

int ask_in_domain(const char* name, size_t length, const char* suffix, Search& search, Host& host) {
  char whole[longest_name + 1];
  const size_t suffix_length = strlen(suffix);
  const size_t whole_length = length + 1 + suffix_length;
  if (whole_length > longest_name) return EAI_NONAME;
  memcpy(whole, name, length);
  whole[length] = '.';
  memcpy(whole + length + 1, suffix, suffix_length + 1);
  return ask(whole, whole_length, search, host);
}

// Whether another name may still be found after this one wasn't.
bool may_search_on(int error) { return error == EAI_NONAME || error == EAI_NODATA || error == EAI_AGAIN; }

// Tries the name as it is and in the domains of the search list, in the order of resolv.conf(5). If all fail, the error is
// that of the name as it is if it was tried first; else the most telling one.
int search_list(const char* name, size_t length, Search& search, Host& host) {
  int dots = 0;
  for (size_t i = 0; i < length; ++i) dots += name[i] == '.' ? 1 : 0;
  const bool complete = name[length - 1] == '.';
  const bool first = complete || dots >= search.settings.ndots;
  int first_error = EAI_NONAME;
  if (first) {
    first_error = ask(name, length, search, host);
    if (complete || !may_search_on(first_error)) return first_error;
  }
  bool no_data = false;
  bool failed = false;
  bool tried = first;
  for (const char* domain = search.settings.domains(); *domain != '\0'; domain = next_word(domain)) {
    const char* suffix = suffix_of(domain);
    if (*suffix == '\0') tried = true;
    const int error = ask_in_domain(name, length, suffix, search, host);
    if (!may_search_on(error)) return error;
    no_data = no_data || error == EAI_NODATA;
    failed = failed || (error == EAI_AGAIN && !search.stop);
    if (search.stop) break;
  }
  if (first) return first_error;
  int error = EAI_NONAME;
  const bool alone = dots == 0 && *search.settings.domains() != '\0' && search.settings.has(RES_NOTLDQUERY);
  if (!tried && !alone) error = ask(name, length, search, host);
  if (!may_search_on(error)) return error;
  if (no_data) return EAI_NODATA;
  return failed ? EAI_AGAIN : error;
}

// The addresses of resolv.conf's preferred networks first, in the order of the rules.
void apply_sort_rules(const ResolverSettings& settings, Host& host) {
  if (settings.sort_rule_count == 0) return;
  AddressList& addresses = host.addresses;
  for (size_t i = 1; i < addresses.size(); ++i) {
    const SocketAddress address = addresses[i];
    size_t place = i;
    for (; place > 0 && address.family == Family::ipv4 && addresses[place - 1].family == Family::ipv4 &&
           sort_place(settings, address) < sort_place(settings, addresses[place - 1]);
         --place)
      addresses[place] = addresses[place - 1];
    addresses[place] = address;
  }
  host.in_order = false;
}

int look_up_by_servers(const char* name, size_t length, Families families, Host& host) {
  Search search;
  const SettingsStatus status = read_resolver_settings(search.settings);
  if (status == SettingsStatus::out_of_memory) return EAI_MEMORY;
  search.has_servers = status == SettingsStatus::read;
  search.families = families;
  if (search.settings.has(RES_NOAAAA)) {
    if (families == Families::ipv6) return EAI_NODATA;
    search.families = Families::ipv4;
  }
  char alias[longest_name + 1];
  const bool has_alias = find_host_alias(name, alias, sizeof alias);
  const int error = has_alias ? ask(alias, strlen(alias), search, host) : search_list(name, length, search, host);
  if (error == 0) apply_sort_rules(search.settings, host);
  return error;
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
  if (!host.addresses.empty()) return 0;
  const bool localhost = is_localhost(name);
  if (localhost || is_own_name(name))
    return add_name(host, localhost ? "localhost" : name) && add_loopback(families, host) ? 0 : EAI_MEMORY;
  return look_up_by_servers(name, length, families, host);
}

int look_up_address(const SocketAddress& address, Host& host) {
  if (!find_host_by_address(address, host)) return hosts_error();
  if (host.name() != nullptr) return 0;
  if (address == SocketAddress::loopback(address.family, address.port))
    return add_name(host, "localhost") && host.addresses.add(address) ? 0 : EAI_MEMORY;
  return resolve_address(address, host);
}

}  // namespace posix_sockets
