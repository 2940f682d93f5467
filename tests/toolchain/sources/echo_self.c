// Sends a line to itself over loopback TCP, so that the library must be linked and the network on.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int failed(const char* what) {
  perror(what);
  return 3;
}

int main(void) {
  struct sockaddr_in address;
  socklen_t length = sizeof address;
  char buffer[32] = "";
  memset(&address, 0, sizeof address);
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (listener < 0) return failed("socket");
  if (bind(listener, (struct sockaddr*)&address, sizeof address) < 0) return failed("bind");
  if (listen(listener, 1) < 0) return failed("listen");
  if (getsockname(listener, (struct sockaddr*)&address, &length) < 0) return failed("getsockname");
  int client = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(client, (struct sockaddr*)&address, sizeof address) < 0) return failed("connect");
  int server = accept(listener, NULL, NULL);
  if (server < 0) return failed("accept");
  if (send(client, "over the wire", 13, 0) != 13) return failed("send");
  if (recv(server, buffer, sizeof buffer - 1, 0) < 0) return failed("recv");
  close(server);
  close(client);
  close(listener);
  puts(buffer);
  return 0;
}
