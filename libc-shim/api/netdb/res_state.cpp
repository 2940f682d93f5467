// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// res_init, res_ninit, res_nclose and the state behind _res.
#include <arpa/inet.h>
#include <errno.h>
#include <resolv.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "names/res_state.h"
#include "names/resolver_settings.h"

namespace posix_sockets {
namespace {

struct __res_state the_state;

uint16_t random_id() {
  uint16_t id = 0;
  (void)getentropy(&id, sizeof id);
  return id;
}

void set_servers(const ResolverSettings& settings, struct __res_state& state) {
  for (const SocketAddress& server : settings.servers) {
    if (state.nscount == settings.server_count) break;
    const int i = state.nscount++;
    sockaddr_storage address = {};
    socklen_t length = sizeof address;
    (void)to_sockaddr(server, reinterpret_cast<sockaddr*>(&address), &length).ok();
    if (server.family == Family::ipv4) {
      memcpy(&state.nsaddr_list[i], &address, sizeof state.nsaddr_list[i]);
    } else {
      memcpy(&state.__nsaddrs6[i], &address, sizeof state.__nsaddrs6[i]);
      state._u._ext.nsaddrs[i] = &state.__nsaddrs6[i];
      ++state._u._ext.nscount6;
    }
  }
}

// All domains that were read last, and how many of them a state has. A state is the program's to copy, so it can't own them.
char* all_domains;
int held_domains;

// Gives the state as many domains as it has room for.
void set_domains(ResolverSettings& settings, struct __res_state& state) {
  size_t used = 0;
  int count = 0;
  for (const char* domain = settings.domains(); *domain != '\0' && count < MAXDNSRCH; domain = next_word(domain)) {
    const size_t size = strlen(domain) + 1;
    if (size > sizeof state.defdname - used) break;
    state.dnsrch[count++] = static_cast<char*>(memcpy(state.defdname + used, domain, size));
    used += size;
  }
  free(all_domains);
  all_domains = settings.search.release();
  held_domains = count;
}

void set_sort_rules(const ResolverSettings& settings, struct __res_state& state) {
  state.nsort = static_cast<unsigned>(settings.sort_rule_count) & 15;
  for (int i = 0; i < settings.sort_rule_count; ++i) {
    state.sort_list[i].addr.s_addr = htonl(settings.sort_rules[i].address);
    state.sort_list[i].mask = htonl(settings.sort_rules[i].mask);
  }
}

}  // namespace

const char* further_domains(const struct __res_state& state) {
  const char* domain = all_domains;
  if (domain == nullptr) return "";
  for (int i = 0; i < held_domains; ++i, domain = next_word(domain))
    if (state.dnsrch[i] == nullptr || strcmp(state.dnsrch[i], domain) != 0) return "";
  return state.dnsrch[held_domains] == nullptr ? domain : "";
}

bool ready(res_state state) {
  if ((state->options & RES_INIT) != 0 || res_ninit(state) == 0) return true;
  h_errno = state->res_h_errno = NETDB_INTERNAL;
  return false;
}

}  // namespace posix_sockets

using namespace posix_sockets;

extern "C" {

// What _res is.
__attribute__((weak)) struct __res_state* __res_state() { return &the_state; }

// Fills a state in from /etc/resolv.conf and the environment's LOCALDOMAIN and RES_OPTIONS. Without such a file the server is
// 127.0.0.1. 0, or -1 with ENOMEM. Source: resolver(3), resolv.conf(5).
__attribute__((weak)) int res_ninit(res_state state) {
  ResolverSettings settings;
  switch (read_resolver_settings(settings)) {
    case SettingsStatus::out_of_memory:
      errno = ENOMEM;
      return -1;
    case SettingsStatus::absent:
      settings.servers[0] = SocketAddress::loopback(Family::ipv4, NAMESERVER_PORT);
      settings.server_count = 1;
      break;
    case SettingsStatus::read:
      break;
  }
  memset(state, 0, sizeof *state);
  state->retrans = settings.timeout;
  state->retry = settings.attempts;
  state->options = RES_DEFAULT | RES_INIT | settings.options;
  state->ndots = static_cast<unsigned>(settings.ndots) & 15;
  state->id = random_id();
  state->_vcsock = -1;
  set_servers(settings, *state);
  set_domains(settings, *state);
  set_sort_rules(settings, *state);
  return 0;
}

// The same for _res. Options that the program had set there stay.
__attribute__((weak)) int res_init() {
  const unsigned long options = the_state.options;
  if (res_ninit(&the_state) != 0) return -1;
  if (options != 0) the_state.options = options | RES_INIT;
  return 0;
}

// Nothing is kept open.
__attribute__((weak)) void res_nclose(res_state state) { state->options &= ~static_cast<unsigned long>(RES_INIT); }

}  // extern "C"
