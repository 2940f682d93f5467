// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// res_mkquery, res_query, res_querydomain, res_search and their n forms: questions by name.
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "names/host_alias.h"
#include "names/res_state.h"
#include "names/resolver_settings.h"

namespace posix_sockets {
namespace {

int fail(res_state state, int h_error) {
  h_errno = state->res_h_errno = h_error;
  return -1;
}

// h_errno of an answer; 0: there is something in it.
int error_of(const unsigned char* answer) {
  const unsigned records = ns_get16(answer + 6);
  switch (answer[3] & 15) {
    case ns_r_noerror:
      return records != 0 ? NETDB_SUCCESS : NO_DATA;
    case ns_r_nxdomain:
      return HOST_NOT_FOUND;
    case ns_r_servfail:
      return TRY_AGAIN;
    default:
      return NO_RECOVERY;
  }
}

// What a search found so far.
struct Search {
  bool searched = false;  // there is a domain
  bool tried = false;     // the name as it stands was
  bool refused = false;
  bool no_data = false;
  bool server_failed = false;
  bool stopped = false;

  void note(res_state state, const unsigned char* answer, int size) {
    if (errno == ECONNREFUSED) {
      fail(state, TRY_AGAIN);
      stopped = true;
    } else if (state->res_h_errno == NO_DATA) {
      no_data = true;
    } else if (state->res_h_errno == TRY_AGAIN && size > 3 && (answer[3] & 15) == ns_r_servfail) {
      server_failed = true;
    } else if (state->res_h_errno != HOST_NOT_FOUND) {
      stopped = true;
    }
  }
};

// The domains of a state's search list.
class Domains {
 public:
  explicit Domains(const struct __res_state& state) : state_(state) {}

  const char* next() {
    if (index_ < MAXDNSRCH && state_.dnsrch[index_] != nullptr) return state_.dnsrch[index_++];
    further_ = further_ == nullptr ? further_domains(state_) : next_word(further_);
    return *further_ != '\0' ? further_ : nullptr;
  }

 private:
  const struct __res_state& state_;
  int index_ = 0;
  const char* further_ = nullptr;
};

unsigned dots_of(const char* name) {
  unsigned dots = 0;
  for (; *name != '\0'; ++name) dots += *name == '.' ? 1 : 0;
  return dots;
}

struct Question {
  res_state state;
  const char* name;
  int its_class;
  int type;
  unsigned char* answer;
  int size;
};

// Asks for the name in each domain. The size of the first answer; else -1.
int search_domains(const Question& asked, Search& search) {
  Domains domains(*asked.state);
  for (const char* domain = domains.next(); domain != nullptr; domain = domains.next()) {
    search.searched = true;
    const char* suffix = suffix_of(domain);
    search.tried = search.tried || *suffix == '\0';
    const int found =
        res_nquerydomain(asked.state, asked.name, suffix, asked.its_class, asked.type, asked.answer, asked.size);
    if (found > 0) return found;
    search.note(asked.state, asked.answer, asked.size);
    search.refused = errno == ECONNREFUSED;
    if (search.refused || search.stopped || (asked.state->options & RES_DNSRCH) == 0) break;
  }
  return -1;
}

// Adds to a query that answers may have as many bytes as the program has room for, from 512 to 1200. The new size.
int allow_size(unsigned char* query, int query_size, int room) {
  unsigned char* record = query + query_size;
  if (query_size + 11 > NS_PACKETSZ) return query_size;
  memset(record, 0, 11);
  record[2] = ns_t_opt;
  const int allowed = room < NS_PACKETSZ ? NS_PACKETSZ : room > 1200 ? 1200 : room;
  ns_put16(static_cast<unsigned>(allowed), record + 3);
  query[11] = 1;
  return query_size + 11;
}

}  // namespace
}  // namespace posix_sockets

using namespace posix_sockets;

extern "C" {

// Writes a query for `name` to `out` of `size` bytes: `operation` is QUERY or NS_NOTIFY_OP, the data must be null. The size
// of the query; -1: another operation, no name, or no room (EMSGSIZE). Source: resolver(3), RFC 1035 section 4.1.
__attribute__((weak)) int res_nmkquery(res_state state, int operation, const char* name, int its_class, int type,
                                       const unsigned char* data, int data_size, const unsigned char* record,
                                       unsigned char* out, int size) {
  (void)data;
  (void)data_size;
  (void)record;
  if (!ready(state)) return -1;
  if (out == nullptr || size < NS_HFIXEDSZ + NS_QFIXEDSZ) {
    errno = EMSGSIZE;
    return -1;
  }
  if ((operation != QUERY && operation != NS_NOTIFY_OP) || its_class < 0 || its_class > 65535 || type < 0 ||
      type > 65535)
    return -1;
  memset(out, 0, NS_HFIXEDSZ);
  (void)getentropy(&state->id, sizeof state->id);
  ns_put16(state->id, out);
  out[2] = static_cast<unsigned char>(operation << 3 | ((state->options & RES_RECURSE) != 0 ? 1 : 0));
  if ((state->options & RES_TRUSTAD) != 0) out[3] |= 0x20;
  out[5] = 1;
  const int length = dn_comp(name, out + NS_HFIXEDSZ, size - NS_HFIXEDSZ - NS_QFIXEDSZ, nullptr, nullptr);
  if (length < 0) return -1;
  unsigned char* end = out + NS_HFIXEDSZ + length;
  ns_put16(static_cast<unsigned>(type), end);
  ns_put16(static_cast<unsigned>(its_class), end + 2);
  return NS_HFIXEDSZ + length + NS_QFIXEDSZ;
}

// Asks for the records of one name, as it stands. The size of the answer, which may be larger than `size`. -1 and h_errno:
//   HOST_NOT_FOUND  no such name
//   NO_DATA         it has no such records
//   TRY_AGAIN       no server answered, or none could; errno says more, as that of res_nsend()
//   NO_RECOVERY     no name, or the server refused
// Source: resolver(3).
__attribute__((weak)) int res_nquery(res_state state, const char* name, int its_class, int type, unsigned char* answer,
                                     int size) {
  if (!ready(state)) return -1;
  if (type == ns_t_aaaa && its_class == ns_c_in && (state->options & RES_NOAAAA) != 0) return fail(state, NO_DATA);
  unsigned char query[NS_PACKETSZ];
  if (size > 3) answer[3] = 0;  // no answer yet
  int query_size = res_nmkquery(state, QUERY, name, its_class, type, nullptr, 0, nullptr, query, sizeof query);
  if (query_size < 0) return fail(state, NO_RECOVERY);
  if ((state->options & RES_USE_EDNS0) != 0) query_size = allow_size(query, query_size, size);
  const int answer_size = res_nsend(state, query, query_size, answer, size);
  if (answer_size < 0) return fail(state, TRY_AGAIN);
  const int h_error = error_of(answer);
  if (h_error != NETDB_SUCCESS) {
    if (errno == ECONNREFUSED) errno = 0;  // of a server that another one stood in for
    return fail(state, h_error);
  }
  return answer_size;
}

// The same for NAME.DOMAIN, or without a domain for the name without the dot at its end.
__attribute__((weak)) int res_nquerydomain(res_state state, const char* name, const char* domain, int its_class,
                                           int type, unsigned char* answer, int size) {
  char whole[MAXDNAME];
  if (!ready(state)) return -1;
  const size_t length = strlen(name);
  const size_t domain_length = domain != nullptr ? strlen(domain) : 0;
  if (length + domain_length + 1 >= sizeof whole) return fail(state, NO_RECOVERY);
  memcpy(whole, name, length + 1);
  if (domain != nullptr) {
    whole[length] = '.';
    memcpy(whole + length + 1, domain, domain_length + 1);
  } else if (length != 0 && name[length - 1] == '.') {
    whole[length - 1] = '\0';
  }
  return res_nquery(state, whole, its_class, type, answer, size);
}

// The same, tried with the domains of the search list and as it is, in the order of resolv.conf(5).
__attribute__((weak)) int res_nsearch(res_state state, const char* name, int its_class, int type, unsigned char* answer,
                                      int size) {
  if (!ready(state)) return -1;
  errno = 0;
  const unsigned dots = dots_of(name);
  const bool complete = dots != 0 && name[strlen(name) - 1] == '.';
  char alias[MAXDNAME];
  if (dots == 0 && (state->options & RES_NOALIASES) == 0 && find_host_alias(name, alias, sizeof alias))
    return res_nquery(state, alias, its_class, type, answer, size);
  int first_error = NETDB_SUCCESS;
  if (dots >= state->ndots || complete) {
    const int found = res_nquerydomain(state, name, nullptr, its_class, type, answer, size);
    if (found > 0 || complete) return found;
    first_error = state->res_h_errno;
  }
  Search search;
  search.tried = first_error != NETDB_SUCCESS;
  if ((state->options & (dots == 0 ? RES_DEFNAMES : RES_DNSRCH)) != 0) {
    const int found = search_domains({state, name, its_class, type, answer, size}, search);
    if (found > 0) return found;
    if (search.refused) return -1;
  }
  if (!search.tried && (dots != 0 || !search.searched || (state->options & RES_NOTLDQUERY) == 0)) {
    const int found = res_nquerydomain(state, name, nullptr, its_class, type, answer, size);
    if (found > 0) return found;
  }
  if (first_error != NETDB_SUCCESS) return fail(state, first_error);
  if (search.no_data) return fail(state, NO_DATA);
  if (search.server_failed) return fail(state, TRY_AGAIN);
  return -1;
}

// The same with _res.
__attribute__((weak)) int res_mkquery(int operation, const char* name, int its_class, int type,
                                      const unsigned char* data, int data_size, const unsigned char* record,
                                      unsigned char* out, int size) {
  return res_nmkquery(&_res, operation, name, its_class, type, data, data_size, record, out, size);
}
__attribute__((weak)) int res_query(const char* name, int its_class, int type, unsigned char* answer, int size) {
  return res_nquery(&_res, name, its_class, type, answer, size);
}
__attribute__((weak)) int res_querydomain(const char* name, const char* domain, int its_class, int type,
                                          unsigned char* answer, int size) {
  return res_nquerydomain(&_res, name, domain, its_class, type, answer, size);
}
__attribute__((weak)) int res_search(const char* name, int its_class, int type, unsigned char* answer, int size) {
  return res_nsearch(&_res, name, its_class, type, answer, size);
}

}  // extern "C"
