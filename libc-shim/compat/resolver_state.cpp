// What the resolver is set to: /etc/resolv.conf and the environment, and what the program changes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <netinet/in.h>
#include <resolv.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fail.h"
#include "names/resolver_settings.h"

using namespace posix_sockets;

namespace {

struct __res_state own_state;

void set_server(res_state state, int index, const SocketAddress& server) {
  sockaddr_in& entry = state->nsaddr_list[index];
  socklen_t length = sizeof entry;
  if (server.family == Family::ipv4) {
    (void)to_sockaddr(server, reinterpret_cast<sockaddr*>(&entry), &length).ok();
    return;
  }
  auto* other = static_cast<sockaddr_in6*>(calloc(1, sizeof(sockaddr_in6)));
  if (other == nullptr) return;
  length = sizeof *other;
  (void)to_sockaddr(server, reinterpret_cast<sockaddr*>(other), &length).ok();
  state->_u._ext.nsaddrs[index] = other;
}

}  // namespace

extern "C" {

struct __res_state* __res_state() { return &own_state; }

// -1, ENOMEM: no memory. Without a file, the server is this machine's, and no domain is searched.
int res_ninit(res_state state) {
  ResolverSettings settings;
  if (read_resolver_settings(settings) == SettingsStatus::out_of_memory) return compat::fail(ENOMEM);
  memset(state, 0, sizeof *state);
  state->retrans = settings.timeout;
  state->retry = settings.attempts;
  state->ndots = static_cast<unsigned>(settings.ndots) & 15U;
  state->options = RES_INIT | RES_DEFAULT | (settings.use_tcp ? RES_USEVC : 0UL);
  uint16_t id = 0;
  (void)getentropy(&id, sizeof id);
  state->id = id;
  state->nscount = settings.server_count;
  for (int i = 0; i < settings.server_count; ++i) set_server(state, i, settings.servers[i]);
  if (settings.server_count == 0) {
    state->nscount = 1;
    set_server(state, 0, SocketAddress::loopback(Family::ipv4, NS_DEFAULTPORT));
  }
  char* at = state->defdname;
  int count = 0;
  for (const char* word = settings.domains(); *word != '\0' && count < MAXDNSRCH; word += strlen(word) + 1) {
    const size_t size = strlen(word) + 1;
    if (size > static_cast<size_t>(state->defdname + sizeof state->defdname - at)) break;
    memcpy(at, word, size);
    state->dnsrch[count++] = at;
    at += size;
  }
  return 0;
}

void res_nclose(res_state state) {
  for (sockaddr_in6*& server : state->_u._ext.nsaddrs) {
    free(server);
    server = nullptr;
  }
  state->options &= ~static_cast<unsigned long>(RES_INIT);
}

// As res_ninit, for the program's own state. Options that were set before the first call stay.
int res_init() {
  const unsigned long before = (own_state.options & RES_INIT) == 0 ? own_state.options : 0;
  if ((own_state.options & RES_INIT) != 0) res_nclose(&own_state);
  const int result = res_ninit(&own_state);
  own_state.options |= before;
  return result;
}

}  // extern "C"
