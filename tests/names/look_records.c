// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The kinds of look.c that ask name servers by <resolv.h>.
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <resolv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "look.h"

static void print_records(const unsigned char* message_text, int size) {
  ns_msg message;
  ns_rr record;
  char text[NS_MAXDNAME];
  if (ns_initparse(message_text, size, &message) != 0) {
    printf(" no message");
    return;
  }
  for (int i = 0; i < ns_msg_count(message, ns_s_an); ++i) {
    if (ns_parserr(&message, ns_s_an, i, &record) != 0) return;
    if (ns_rr_type(record) == ns_t_a && inet_ntop(AF_INET, ns_rr_rdata(record), text, sizeof text) != NULL) {
      printf(" %s", text);
    } else if (ns_rr_type(record) == ns_t_cname &&
               ns_name_uncompress(message_text, message_text + size, ns_rr_rdata(record), text, sizeof text) >= 0) {
      printf(" %s=%s", ns_rr_name(record), text);
    } else {
      printf(" %d bytes", ns_rr_rdlen(record));
    }
  }
}

static unsigned char answer[NS_MAXMSG];

static void print_answer(int size) {
  if (size < 0)
    printf(" %s", name_of_host_error());
  else
    print_records(answer, size);
}
void look_records(const char* key, int type) { print_answer(res_query(key, ns_c_in, type, answer, sizeof answer)); }
void search_records(const char* key, int type) { print_answer(res_search(key, ns_c_in, type, answer, sizeof answer)); }

void look_room(const char* key, int unused) {
  (void)unused;
  unsigned char small[4096];
  char name[256];
  const char* colon = strchr(key, ':');
  memset(small, 0xa5, sizeof small);
  snprintf(name, sizeof name, "%.*s", (int)(colon - key), key);
  const int room = atoi(colon + 1);
  const int size = res_query(name, ns_c_in, ns_t_a, small, room);
  printf(" %d", size);
  if (size < 0) printf(" %s", name_of_host_error());
  if (size >= 12) printf("%s", (small[2] & 2) != 0 ? " cut" : "");
  if (room >= 0 && small[room] != 0xa5) printf(" OVERRUN");
}

void look_question(const char* key, int type) {
  unsigned char query[512];
  const int size = res_mkquery(ns_o_query, key, ns_c_in, type, NULL, 0, NULL, query, sizeof query);
  printf(" %d", size);
  if (size >= 12) printf(" %02x%02x", query[2], query[3]);
}

void look_state(const char* key, int unused) {
  static const struct {
    unsigned long bit;
    const char* name;
  } options[] = {
      {RES_USEVC, "use-vc"},
      {RES_ROTATE, "rotate"},
      {RES_USE_EDNS0, "edns0"},
      {RES_SNGLKUP, "single-request"},
      {RES_SNGLKUPREOP, "single-request-reopen"},
      {RES_NOTLDQUERY, "no-tld-query"},
      {RES_NORELOAD, "no-reload"},
      {RES_TRUSTAD, "trust-ad"},
#ifdef RES_NOAAAA
      {RES_NOAAAA, "no-aaaa"},
#endif
      {RES_NOALIASES, "no-aliases"},
  };
  (void)key;
  (void)unused;
  if (res_init() != 0) printf(" failed");
  printf(" %d server%s, ndots %d, timeout %d, attempts %d,", _res.nscount, _res.nscount == 1 ? "" : "s", _res.ndots,
         _res.retrans, _res.retry);
  for (size_t i = 0; i < LENGTH(options); ++i)
    if ((_res.options & options[i].bit) != 0) printf(" %s", options[i].name);
  printf(" sort %d [", _res.nsort);
  for (int i = 0; i < MAXDNSRCH && _res.dnsrch[i] != NULL; ++i) printf("%s%s", i == 0 ? "" : " ", _res.dnsrch[i]);
  printf("]");
}
