// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a guest without a network sees.
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>

int main(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  struct addrinfo* list;
  int type, try;
  for (type = 0; type < 2; ++type) {
    for (try = 0; try < 2; ++try) {
      int number = socket(AF_INET, type == 0 ? SOCK_STREAM : SOCK_DGRAM, 0);
      errno = 0;
      int denied = number < 0 || connect(number, (struct sockaddr*)&address, sizeof address) < 0;
      printf("connect: %s\n", denied && errno == EACCES ? "EACCES" : "another result");
      errno = 0;
      denied = number < 0 || bind(number, (struct sockaddr*)&address, sizeof address) < 0;
      printf("bind: %s\n", denied && errno == EACCES ? "EACCES" : "another result");
    }
  }
  for (try = 0; try < 2; ++try) {
    const int code = getaddrinfo("name.invalid", 0, 0, &list);
    printf("getaddrinfo: %s\n",
           code == EAI_FAIL || (code == EAI_SYSTEM && errno == EACCES) ? "refused" : gai_strerror(code));
  }
  return 0;
}
