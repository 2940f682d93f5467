// Queries by name, class and type, for the name as it is and in the domains that are searched.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <netdb.h>
#include <resolv.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fail.h"

namespace {

int fail_with(res_state state, int reason) {
  state->res_h_errno = reason;
  h_errno = reason;
  return -1;
}

bool ready(res_state state) {
  return (state->options & RES_INIT) != 0 || (state == &_res ? res_init() : res_ninit(state)) == 0;
}

}  // namespace

extern "C" {

// Makes a query of operation QUERY or NOTIFY, and returns its length. -1: another operation, not a name, or no room.
int res_nmkquery(res_state state, int operation, const char* name, int record_class, int type, const unsigned char*,
                 int, const unsigned char*, unsigned char* query, int size) {
  if (!ready(state)) return fail_with(state, NETDB_INTERNAL);
  if ((operation != ns_o_query && operation != ns_o_notify) || size < NS_HFIXEDSZ + NS_QFIXEDSZ) return -1;
  memset(query, 0, NS_HFIXEDSZ);
  uint16_t id = 0;
  (void)getentropy(&id, sizeof id);
  state->id = id;
  ns_put16(id, query);
  query[2] = static_cast<unsigned char>(operation << 3 | ((state->options & RES_RECURSE) != 0 ? 1 : 0));
  query[5] = 1;
  const int length = dn_comp(name, query + NS_HFIXEDSZ, size - NS_HFIXEDSZ - NS_QFIXEDSZ, nullptr, nullptr);
  if (length < 0) return -1;
  ns_put16(static_cast<unsigned>(type), query + NS_HFIXEDSZ + length);
  ns_put16(static_cast<unsigned>(record_class), query + NS_HFIXEDSZ + length + 2);
  return NS_HFIXEDSZ + length + NS_QFIXEDSZ;
}

// Returns the reply's length. -1 with h_errno HOST_NOT_FOUND: no such name; NO_DATA: it has no such record; TRY_AGAIN: no
// server answered, or it failed; NO_RECOVERY: else.
int res_nquery(res_state state, const char* name, int record_class, int type, unsigned char* answer, int room) {
  unsigned char query[NS_HFIXEDSZ + NS_MAXCDNAME + 1 + NS_QFIXEDSZ];
  const int size = res_nmkquery(state, QUERY, name, record_class, type, nullptr, 0, nullptr, query, sizeof query);
  if (size < 0) return fail_with(state, NO_RECOVERY);
  const int length = res_nsend(state, query, size, answer, room);
  if (length < 0) return fail_with(state, TRY_AGAIN);
  const int code = answer[3] & 15;
  if (code == ns_r_noerror && ns_get16(answer + 6) != 0) return length;
  switch (code) {
    case ns_r_nxdomain:
      return fail_with(state, HOST_NOT_FOUND);
    case ns_r_servfail:
      return fail_with(state, TRY_AGAIN);
    case ns_r_noerror:
      return fail_with(state, NO_DATA);
    default:
      return fail_with(state, NO_RECOVERY);
  }
}

// As res_nquery, for "name.domain".
int res_nquerydomain(res_state state, const char* name, const char* domain, int record_class, int type,
                     unsigned char* answer, int room) {
  char whole[NS_MAXDNAME];
  const int length = domain != nullptr && *domain != '\0' ? snprintf(whole, sizeof whole, "%s.%s", name, domain)
                                                          : snprintf(whole, sizeof whole, "%s", name);
  if (length < 0 || length >= static_cast<int>(sizeof whole)) return fail_with(state, NO_RECOVERY);
  return res_nquery(state, whole, record_class, type, answer, room);
}

// As res_nquery, for the name in each domain that is searched; as it is first if it has ndots dots, else last.
int res_nsearch(res_state state, const char* name, int record_class, int type, unsigned char* answer, int room) {
  if (!ready(state)) return fail_with(state, NETDB_INTERNAL);
  unsigned dots = 0;
  for (const char* at = name; *at != '\0'; ++at) dots += *at == '.' ? 1U : 0U;
  const bool whole = *name != '\0' && name[strlen(name) - 1] == '.';
  const bool first = whole || dots >= state->ndots;
  bool found_name = false, try_again = false;
  const auto note = [&] {
    found_name = found_name || state->res_h_errno == NO_DATA;
    try_again = try_again || state->res_h_errno == TRY_AGAIN;
  };
  int length = -1;
  if (first) {
    length = res_nquery(state, name, record_class, type, answer, room);
    if (length >= 0 || whole) return length;
    note();
  }
  const bool search = dots == 0 ? (state->options & RES_DEFNAMES) != 0 : (state->options & RES_DNSRCH) != 0;
  for (int i = 0; search && i < MAXDNSRCH && state->dnsrch[i] != nullptr; ++i) {
    length = res_nquerydomain(state, name, state->dnsrch[i], record_class, type, answer, room);
    if (length >= 0) return length;
    note();
    if (state->res_h_errno == NO_RECOVERY) return -1;
  }
  if (!first) {
    length = res_nquery(state, name, record_class, type, answer, room);
    if (length >= 0) return length;
    note();
  }
  return found_name ? fail_with(state, NO_DATA) : try_again ? fail_with(state, TRY_AGAIN) : -1;
}

int res_mkquery(int operation, const char* name, int record_class, int type, const unsigned char* data, int length,
                const unsigned char* record, unsigned char* query, int size) {
  return res_nmkquery(&_res, operation, name, record_class, type, data, length, record, query, size);
}
int res_query(const char* name, int record_class, int type, unsigned char* answer, int room) {
  return res_nquery(&_res, name, record_class, type, answer, room);
}
int res_querydomain(const char* name, const char* domain, int record_class, int type, unsigned char* answer, int room) {
  return res_nquerydomain(&_res, name, domain, record_class, type, answer, room);
}
int res_search(const char* name, int record_class, int type, unsigned char* answer, int room) {
  return res_nsearch(&_res, name, record_class, type, answer, room);
}

}  // extern "C"
