// builds: native wasi
// The end of a program that has both ends of a connection: it isn't kept from ending by what it never read.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"

int main(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  const int listener = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);
  CHECK(bind(listener, (struct sockaddr*)&address, length) == 0 && listen(listener, 1) == 0);
  CHECK(getsockname(listener, (struct sockaddr*)&address, &length) == 0);
  CHECK(connect(client, (struct sockaddr*)&address, length) == 0);
  const int server = accept(listener, NULL, NULL);
  CHECK(server >= 0 && fcntl(server, F_SETFL, O_NONBLOCK) == 0);

  static char data[1 << 20];
  size_t sent = 0;
  for (ssize_t n; (n = send(server, data, sizeof data, 0)) > 0;) sent += (size_t)n;
  CHECK(sent > 0 && errno == EAGAIN);
  CHECK(close(server) == 0);
  return done();
}
