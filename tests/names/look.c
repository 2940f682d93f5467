// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Looks names and addresses up as getent does: look KIND=KEY..., and prints a line for each. The kinds:
//   name, name4, name6  getaddrinfo: the canonical name and the addresses; mapped, mappedall: with AI_V4MAPPED, and AI_ALL
//   address             getnameinfo with NI_NAMEREQD, then with a numeric address if there is no name
//   host                gethostbyaddr: the name and its aliases
//   byname, byname6     gethostbyname2: the name, its aliases and addresses
//   hosts               gethostent: all of them
//   query, query6, search  res_query, res_search: the addresses and aliases; text: the size of the TXT records
//   room                KEY is NAME:ROOM, the size of the program's buffer: what res_query returns, and whether it's cut
//   question            res_mkquery: the flags
//   state               what res_init makes of resolv.conf
//   service, protocol, network, ether, etherof: an entry of the file of that name
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/ether.h>
#include <netinet/in.h>
#include <resolv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define LENGTH(array) (sizeof(array) / sizeof *(array))

static const char* name_of_code(int code) {
  static const struct {
    int code;
    const char* name;
  } codes[] = {
      {EAI_NONAME, "EAI_NONAME"}, {EAI_NODATA, "EAI_NODATA"},     {EAI_AGAIN, "EAI_AGAIN"},
      {EAI_FAIL, "EAI_FAIL"},     {EAI_OVERFLOW, "EAI_OVERFLOW"}, {EAI_FAMILY, "EAI_FAMILY"},
  };
  if (code == EAI_SYSTEM) return errno == EACCES ? "EAI_SYSTEM EACCES" : strerror(errno);
  for (size_t i = 0; i < LENGTH(codes); ++i)
    if (codes[i].code == code) return codes[i].name;
  return "another code";
}

static const char* name_of_host_error(void) {
  switch (h_errno) {
    case HOST_NOT_FOUND:
      return "HOST_NOT_FOUND";
    case TRY_AGAIN:
      return "TRY_AGAIN";
    case NO_RECOVERY:
      return "NO_RECOVERY";
    case NO_DATA:
      return "NO_DATA";
    default:
      return strerror(errno);
  }
}

static void look_name_with(const char* key, int family, int flags) {
  struct addrinfo hints = {.ai_flags = AI_CANONNAME | flags, .ai_family = family, .ai_socktype = SOCK_STREAM};
  struct addrinfo *list, *entry;
  char text[INET6_ADDRSTRLEN];
  const int code = getaddrinfo(key, NULL, &hints, &list);
  if (code != 0) {
    printf(" %s", name_of_code(code));
    return;
  }
  printf(" %s", list->ai_canonname);
  for (entry = list; entry != NULL; entry = entry->ai_next)
    if (getnameinfo(entry->ai_addr, entry->ai_addrlen, text, sizeof text, NULL, 0, NI_NUMERICHOST) == 0)
      printf(" %s", text);
  freeaddrinfo(list);
}

static void look_name(const char* key, int family) { look_name_with(key, family, 0); }
static void look_mapped(const char* key, int all) { look_name_with(key, AF_INET6, AI_V4MAPPED | (all ? AI_ALL : 0)); }

static socklen_t parse(const char* key, struct sockaddr_storage* address) {
  struct sockaddr_in* four = (struct sockaddr_in*)address;
  struct sockaddr_in6* six = (struct sockaddr_in6*)address;
  memset(address, 0, sizeof *address);
  if (inet_pton(AF_INET, key, &four->sin_addr) == 1) {
    four->sin_family = AF_INET;
    return sizeof *four;
  }
  if (inet_pton(AF_INET6, key, &six->sin6_addr) != 1) return 0;
  six->sin6_family = AF_INET6;
  return sizeof *six;
}

static void look_address(const char* key, int unused) {
  (void)unused;
  struct sockaddr_storage address;
  const socklen_t length = parse(key, &address);
  char name[256];
  int code = getnameinfo((struct sockaddr*)&address, length, name, sizeof name, NULL, 0, NI_NAMEREQD);
  printf(" %s", code == 0 ? name : name_of_code(code));
  if (code == 0) return;
  code = getnameinfo((struct sockaddr*)&address, length, name, sizeof name, NULL, 0, 0);
  printf(" %s", code == 0 ? name : name_of_code(code));
}

static void print_host(const struct hostent* host) {
  char text[INET6_ADDRSTRLEN];
  printf(" %s", host->h_name);
  for (char** alias = host->h_aliases; *alias != NULL; ++alias) printf(" %s", *alias);
  for (char** address = host->h_addr_list; *address != NULL; ++address)
    printf(" %s", inet_ntop(host->h_addrtype, *address, text, sizeof text));
}

static void look_host(const char* key, int unused) {
  (void)unused;
  struct sockaddr_storage address;
  if (parse(key, &address) == 0) return;
  const int four = address.ss_family == AF_INET;
  const void* bytes = four ? (const void*)&((struct sockaddr_in*)&address)->sin_addr
                           : (const void*)&((struct sockaddr_in6*)&address)->sin6_addr;
  const struct hostent* host = gethostbyaddr(bytes, four ? 4 : 16, address.ss_family);
  if (host == NULL) {
    printf(" %s", name_of_host_error());
    return;
  }
  printf(" %s", host->h_name);
  for (char** alias = host->h_aliases; *alias != NULL; ++alias) printf(" %s", *alias);
}

static void look_byname(const char* key, int family) {
  const struct hostent* host = gethostbyname2(key, family);
  if (host != NULL) {
    print_host(host);
  } else {
    printf(" %s", name_of_host_error());
  }
}

static void look_hosts(const char* key, int unused) {
  (void)key;
  (void)unused;
  const struct hostent* host;
  sethostent(0);
  for (int first = 1; (host = gethostent()) != NULL; first = 0) {
    printf("%s", first ? "" : " |");
    print_host(host);
  }
  endhostent();
}

static void print_records(const unsigned char* answer, int size) {
  ns_msg message;
  ns_rr record;
  char text[NS_MAXDNAME];
  if (ns_initparse(answer, size, &message) != 0) {
    printf(" no message");
    return;
  }
  for (int i = 0; i < ns_msg_count(message, ns_s_an); ++i) {
    if (ns_parserr(&message, ns_s_an, i, &record) != 0) return;
    if (ns_rr_type(record) == ns_t_a && inet_ntop(AF_INET, ns_rr_rdata(record), text, sizeof text) != NULL) {
      printf(" %s", text);
    } else if (ns_rr_type(record) == ns_t_cname &&
               ns_name_uncompress(answer, answer + size, ns_rr_rdata(record), text, sizeof text) >= 0) {
      printf(" %s=%s", ns_rr_name(record), text);
    } else {
      printf(" %d bytes", ns_rr_rdlen(record));
    }
  }
}

static void look_records(const char* key, int type) {
  static unsigned char answer[NS_MAXMSG];
  const int size = res_query(key, ns_c_in, type, answer, sizeof answer);
  if (size < 0) {
    printf(" %s", name_of_host_error());
    return;
  }
  print_records(answer, size);
}

static void search_records(const char* key, int type) {
  static unsigned char answer[NS_MAXMSG];
  const int size = res_search(key, ns_c_in, type, answer, sizeof answer);
  if (size < 0) {
    printf(" %s", name_of_host_error());
    return;
  }
  print_records(answer, size);
}

static void look_room(const char* key, int unused) {
  (void)unused;
  unsigned char answer[4096];
  char name[256];
  const char* colon = strchr(key, ':');
  memset(answer, 0xa5, sizeof answer);
  snprintf(name, sizeof name, "%.*s", (int)(colon - key), key);
  const int room = atoi(colon + 1);
  const int size = res_query(name, ns_c_in, ns_t_a, answer, room);
  printf(" %d", size);
  if (size < 0) printf(" %s", name_of_host_error());
  if (size >= 12) printf("%s", (answer[2] & 2) != 0 ? " cut" : "");
  if (room >= 0 && answer[room] != 0xa5) printf(" OVERRUN");
}

static void look_question(const char* key, int type) {
  unsigned char query[512];
  const int size = res_mkquery(ns_o_query, key, ns_c_in, type, NULL, 0, NULL, query, sizeof query);
  printf(" %d", size);
  if (size >= 12) printf(" %02x%02x", query[2], query[3]);
}

static void look_state(const char* key, int unused) {
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

static void print_aliases(char** aliases) {
  for (; *aliases != NULL; ++aliases) printf(" %s", *aliases);
}

static void look_service(const char* key, int unused) {
  (void)unused;
  const struct servent* entry = getservbyname(key, NULL);
  if (entry == NULL) return;
  printf(" %s %d/%s", entry->s_name, ntohs((uint16_t)entry->s_port), entry->s_proto);
  print_aliases(entry->s_aliases);
}

static void look_protocol(const char* key, int unused) {
  (void)unused;
  const struct protoent* entry = getprotobyname(key);
  if (entry == NULL) return;
  printf(" %s %d", entry->p_name, entry->p_proto);
  print_aliases(entry->p_aliases);
}

static void look_network(const char* key, int unused) {
  (void)unused;
  const struct netent* entry = getnetbyname(key);
  if (entry == NULL) return;
  printf(" %s %08x", entry->n_name, entry->n_net);
  print_aliases(entry->n_aliases);
}

static void look_ether(const char* key, int unused) {
  (void)unused;
  struct ether_addr address;
  if (ether_hostton(key, &address) == 0) printf(" %s", ether_ntoa(&address));
}

static void look_ether_of(const char* key, int unused) {
  (void)unused;
  char name[1024];
  const struct ether_addr* address = ether_aton(key);
  if (address != NULL && ether_ntohost(name, address) == 0) printf(" %s", name);
}

static const struct {
  const char* name;
  void (*look)(const char* key, int argument);
  int argument;
} kinds[] = {
    {"name", look_name, AF_UNSPEC},
    {"name4", look_name, AF_INET},
    {"name6", look_name, AF_INET6},
    {"mapped", look_mapped, 0},
    {"mappedall", look_mapped, 1},
    {"address", look_address, 0},
    {"host", look_host, 0},
    {"byname", look_byname, AF_INET},
    {"byname6", look_byname, AF_INET6},
    {"hosts", look_hosts, 0},
    {"query", look_records, ns_t_a},
    {"query6", look_records, ns_t_aaaa},
    {"text", look_records, ns_t_txt},
    {"search", search_records, ns_t_a},
    {"room", look_room, 0},
    {"question", look_question, ns_t_a},
    {"state", look_state, 0},
    {"service", look_service, 0},
    {"protocol", look_protocol, 0},
    {"network", look_network, 0},
    {"ether", look_ether, 0},
    {"etherof", look_ether_of, 0},
};

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const char* key = strchr(argv[i], '=');
    if (key == NULL) return 2;
    const size_t length = (size_t)(key++ - argv[i]);
    printf("%s:", argv[i]);
    for (size_t k = 0; k < LENGTH(kinds); ++k)
      if (strlen(kinds[k].name) == length && strncmp(kinds[k].name, argv[i], length) == 0)
        kinds[k].look(key, kinds[k].argument);
    printf("\n");
    fflush(stdout);
  }
  return 0;
}
