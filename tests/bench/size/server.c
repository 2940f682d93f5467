// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A minimal TCP echo server, whose size is measured.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char** argv) {
  char buffer[4096];
  struct sockaddr_in address;
  if (argc != 2) return 2;
  memset(&address, 0, sizeof address);
  address.sin_family = AF_INET;
  address.sin_port = htons((unsigned short)atoi(argv[1]));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (listener < 0 || bind(listener, (struct sockaddr*)&address, sizeof address) != 0) return 1;
  if (listen(listener, 16) != 0) return 1;
  for (;;) {
    int stream = accept(listener, NULL, NULL);
    if (stream < 0) return 1;
    ssize_t size;
    while ((size = recv(stream, buffer, sizeof buffer, 0)) > 0 && send(stream, buffer, (size_t)size, 0) == size) {
    }
    close(stream);
  }
}
