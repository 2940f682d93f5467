// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Looks names and addresses up as getent does: look {name|name4|name6|address|host|query|search|text}=KEY..., and prints a line for each.
//   name     getaddrinfo: the canonical name and the addresses
//   address  getnameinfo with NI_NAMEREQD, then with a numeric address if there is no name
//   host     gethostbyaddr: the name and its aliases
//   query    res_query: the addresses and aliases; search: the same by res_search; text: the size of the TXT records
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>
#include <stdio.h>
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

static void look_name(const char* key, int family) {
  struct addrinfo hints = {.ai_flags = AI_CANONNAME, .ai_family = family, .ai_socktype = SOCK_STREAM}, *list, *entry;
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

static void look_address(const char* key) {
  struct sockaddr_storage address;
  const socklen_t length = parse(key, &address);
  char name[256];
  int code = getnameinfo((struct sockaddr*)&address, length, name, sizeof name, NULL, 0, NI_NAMEREQD);
  printf(" %s", code == 0 ? name : name_of_code(code));
  if (code == 0) return;
  code = getnameinfo((struct sockaddr*)&address, length, name, sizeof name, NULL, 0, 0);
  printf(" %s", code == 0 ? name : name_of_code(code));
}

static void look_host(const char* key) {
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

static void look_records(const char* key, int type, int searching) {
  static unsigned char answer[NS_MAXMSG];
  const int size = searching ? res_search(key, ns_c_in, type, answer, sizeof answer)
                             : res_query(key, ns_c_in, type, answer, sizeof answer);
  if (size < 0) {
    printf(" %s", name_of_host_error());
    return;
  }
  print_records(answer, size);
}

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const char* key = strchr(argv[i], '=');
    if (key == NULL) return 2;
    const size_t length = (size_t)(key++ - argv[i]);
    printf("%s:", argv[i]);
    if (length == 7) look_address(key);
    if (length == 4 && argv[i][0] == 'h') look_host(key);
    if (length == 4 && argv[i][0] == 'n') look_name(key, AF_UNSPEC);
    if (length == 5 && argv[i][0] == 'q') look_records(key, ns_t_a, 0);
    if (length == 6) look_records(key, ns_t_a, 1);
    if (length == 4 && argv[i][0] == 't') look_records(key, ns_t_txt, 0);
    if (length == 5 && argv[i][0] == 'n') look_name(key, argv[i][4] == '4' ? AF_INET : AF_INET6);
    printf("\n");
  }
  return 0;
}
