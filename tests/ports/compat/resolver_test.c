// builds: native wasi
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// DNS messages: names to text and back, records. What asks a server is tried with what answers, in one process.
#include <arpa/inet.h>
#include <netdb.h>
#include <resolv.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"

static void names(void) {
  unsigned char message[512];
  unsigned char* known[8] = {message, NULL};
  memset(message, 0, sizeof message);
  CHECK(dn_comp("www.Example.org", message + 12, 400, known, known + 8) == 17);
  CHECK(memcmp(message + 12, "\3www\7Example\3org", 17) == 0);
  CHECK(known[1] == message + 12 && known[2] == NULL);
  CHECK(dn_comp("mail.example.org.", message + 29, 400, known, known + 8) == 7);
  CHECK(memcmp(message + 29, "\4mail\xc0\x10", 7) == 0);
  CHECK(dn_comp("www.example.org", message + 36, 400, known, known + 8) == 2);
  CHECK(dn_comp("a\\.b.\\065c", message + 38, 400, NULL, NULL) == 8);
  CHECK(memcmp(message + 38, "\3a.b\2Ac", 8) == 0);
  CHECK(dn_comp(".", message + 50, 400, NULL, NULL) == 1 && message[50] == 0);
  FAILS(dn_comp("a..b", message + 60, 400, NULL, NULL), EMSGSIZE);
  FAILS(dn_comp("www.example.org", message + 60, 16, NULL, NULL), EMSGSIZE);
  char text[NS_MAXDNAME];
  const unsigned char* end = message + sizeof message;
  CHECK(dn_expand(message, end, message + 29, text, sizeof text) == 7 && strcmp(text, "mail.Example.org") == 0);
  CHECK(dn_expand(message, end, message + 38, text, sizeof text) == 8 && strcmp(text, "a\\.b.Ac") == 0);
  CHECK(dn_expand(message, end, message + 50, text, sizeof text) == 1 && strcmp(text, "") == 0);
  CHECK(ns_name_uncompress(message, end, message + 50, text, sizeof text) == 1 && strcmp(text, ".") == 0);
  FAILS(dn_expand(message, end, message + 29, text, 16), EMSGSIZE);
  FAILS(dn_expand(message, message + 15, message + 12, text, sizeof text), EMSGSIZE);
  memcpy(message + 70, "\xc0\x46", 2);  // points to itself
  FAILS(dn_expand(message, end, message + 70, text, sizeof text), EMSGSIZE);
  CHECK(dn_skipname(message + 29, end) == 7 && dn_skipname(message + 12, end) == 17);
  FAILS(dn_skipname(message + 12, message + 20), EMSGSIZE);
}

// Answers one query with an MX record, or if the name isn't known that it isn't.
static int answer(const unsigned char* query, int size, unsigned char* reply) {
  memcpy(reply, query, (size_t)size);
  reply[2] |= 0x80;
  char name[NS_MAXDNAME];
  if (dn_expand(query, query + size, query + 12, name, sizeof name) < 0 || strcmp(name, "example.org") != 0) {
    reply[3] = ns_r_nxdomain;
    return size;
  }
  unsigned char* at = reply + size;
  reply[7] = 1;
  memcpy(at, "\xc0\x0c\0\x0f\0\1\0\0\1\0\0\x09\0\x0a\4mail\xc0\x0c", 21);
  return size + 21;
}

static void messages(void) {
  unsigned char query[512], reply[512];
  CHECK(res_init() == 0);
  const int size = res_mkquery(QUERY, "example.org", C_IN, T_MX, NULL, 0, NULL, query, sizeof query);
  CHECK(size == 29 && memcmp(query + 2, "\1\0\0\1\0\0\0\0\0\0\7example\3org\0\0\x0f\0\1", 27) == 0);
  const int length = answer(query, size, reply);
  ns_msg message;
  ns_rr record;
  CHECK(ns_initparse(reply, length, &message) == 0);
  CHECK(ns_msg_count(message, ns_s_qd) == 1 && ns_msg_count(message, ns_s_an) == 1);
  CHECK(ns_msg_getflag(message, ns_f_qr) == 1 && ns_msg_getflag(message, ns_f_rd) == 1);
  CHECK(ns_msg_getflag(message, ns_f_rcode) == 0);
  CHECK(ns_parserr(&message, ns_s_an, 0, &record) == 0);
  CHECK(strcmp(ns_rr_name(record), "example.org") == 0 && ns_rr_type(record) == ns_t_mx);
  CHECK(ns_rr_ttl(record) == 256 && ns_rr_rdlen(record) == 9 && ns_get16(ns_rr_rdata(record)) == 10);
  char text[NS_MAXDNAME];
  CHECK(ns_name_uncompress(ns_msg_base(message), ns_msg_end(message), ns_rr_rdata(record) + 2, text, sizeof text) == 7);
  CHECK(strcmp(text, "mail.example.org") == 0);
  CHECK(ns_parserr(&message, ns_s_qd, 0, &record) == 0 && ns_rr_type(record) == ns_t_mx);
  FAILS(ns_parserr(&message, ns_s_an, 1, &record), ENODEV);
  FAILS(ns_initparse(reply, length - 1, &message), EMSGSIZE);
  FAILS(ns_initparse(reply, 11, &message), EMSGSIZE);
  CHECK(res_mkquery(QUERY, "example.org", C_IN, T_MX, NULL, 0, NULL, query, 20) == -1);
}

static void nobody_answers(void) {
  const int deaf = socket(AF_INET, SOCK_DGRAM, 0);
  struct sockaddr_in server = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof server;
  CHECK(bind(deaf, (struct sockaddr*)&server, size) == 0);
  CHECK(getsockname(deaf, (struct sockaddr*)&server, &size) == 0);
  _res.nscount = 1;
  _res.nsaddr_list[0] = server;
  _res.retrans = 1;
  _res.retry = 1;
  unsigned char reply[512], query[512];
  h_errno = 0;
  CHECK(res_query("example.org", C_IN, T_MX, reply, sizeof reply) == -1 && h_errno == TRY_AGAIN);
  CHECK(recv(deaf, query, sizeof query, MSG_DONTWAIT) == 29);
  close(deaf);
}

int main(void) {
  names();
  messages();
  nobody_answers();
  return done();
}
