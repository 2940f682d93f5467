// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The native peer of the benchmark: accepts one connection after another and does what its first byte asks:
// 's' sends as fast as it can until told to stop, 'r' receives and drops, 'e' echoes messages of the size that follows.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static char buffer[1 << 20];

static int receive_all(int fd, void* out, size_t size) {
  size_t done = 0;
  while (done < size) {
    ssize_t n = recv(fd, (char*)out + done, size - done, 0);
    if (n <= 0) return 0;
    done += (size_t)n;
  }
  return 1;
}

static int send_all(int fd, const void* data, size_t size) {
  size_t done = 0;
  while (done < size) {
    ssize_t n = send(fd, (const char*)data + done, size - done, MSG_NOSIGNAL);
    if (n <= 0) return 0;
    done += (size_t)n;
  }
  return 1;
}

static void serve(int fd) {
  int one = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  struct {
    char what;
    char unused[3];
    uint32_t size;
  } order;
  if (!receive_all(fd, &order, sizeof order)) return;
  switch (order.what) {
    case 's':
      while (send_all(fd, buffer, 65536)) {
      }
      break;
    case 'r':
      while (recv(fd, buffer, sizeof buffer, 0) > 0) {
      }
      break;
    case 'e':
      while (order.size <= sizeof buffer && receive_all(fd, buffer, order.size) && send_all(fd, buffer, order.size)) {
      }
      break;
    default:
      break;
  }
}

int main(void) {
  signal(SIGPIPE, SIG_IGN);
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {0};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  if (bind(listener, (struct sockaddr*)&address, length) != 0 || listen(listener, 64) != 0) return 1;
  getsockname(listener, (struct sockaddr*)&address, &length);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  for (;;) {
    int fd = accept(listener, NULL, NULL);
    if (fd < 0) return 0;
    serve(fd);
    close(fd);
  }
}
