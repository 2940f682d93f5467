// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Waits for a connection that nobody makes.
#include <netinet/in.h>
#include <sys/socket.h>

int main(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(listener, (struct sockaddr*)&address, sizeof address) != 0 || listen(listener, 1) != 0) return 1;
  return accept(listener, 0, 0) < 0;
}
