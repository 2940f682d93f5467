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

#include "look.h"

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

const char* name_of_host_error(void) {
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
