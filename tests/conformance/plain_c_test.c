/* Programs in plain C.
   SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include "c_case.h"

struct pair {
  int client;
  int server;
};

static struct sockaddr_in loopback(void) {
  struct sockaddr_in address;
  memset(&address, 0, sizeof address);
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

static struct pair tcp_pair(void) {
  struct sockaddr_in address = loopback();
  socklen_t length = sizeof address;
  struct pair made;
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  CHECK(listener >= 0);
  CHECK(bind(listener, (struct sockaddr*)&address, sizeof address) == 0);
  CHECK(listen(listener, 1) == 0);
  CHECK(getsockname(listener, (struct sockaddr*)&address, &length) == 0);
  CHECK(length == sizeof address);
  made.client = socket(AF_INET, SOCK_STREAM, 0);
  CHECK(connect(made.client, (struct sockaddr*)&address, length) == 0);
  made.server = accept(listener, NULL, NULL);
  CHECK(made.server >= 0);
  CHECK(close(listener) == 0);
  return made;
}

CASE("c: a TCP echo") {
  struct pair tcp = tcp_pair();
  char buffer[32];
  CHECK(send(tcp.client, "question", 8, 0) == 8);
  CHECK(recv(tcp.server, buffer, sizeof buffer, 0) == 8);
  CHECK(memcmp(buffer, "question", 8) == 0);
  CHECK(write(tcp.server, "answer", 6) == 6);
  CHECK(read(tcp.client, buffer, sizeof buffer) == 6);
  CHECK(memcmp(buffer, "answer", 6) == 0);
  CHECK(close(tcp.server) == 0);
  CHECK(read(tcp.client, buffer, sizeof buffer) == 0);
  CHECK(close(tcp.client) == 0);
}

CASE("c: a UDP datagram to oneself") {
  struct sockaddr_in address = loopback(), from;
  socklen_t length = sizeof address;
  char buffer[32];
  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  CHECK(bind(fd, (struct sockaddr*)&address, sizeof address) == 0);
  CHECK(getsockname(fd, (struct sockaddr*)&address, &length) == 0);
  CHECK(sendto(fd, "mine", 4, 0, (struct sockaddr*)&address, length) == 4);
  length = sizeof from;
  CHECK(recvfrom(fd, buffer, sizeof buffer, 0, (struct sockaddr*)&from, &length) == 4);
  CHECK(length == sizeof from);
  CHECK(from.sin_port == address.sin_port);
  CHECK(close(fd) == 0);
}

CASE("c: gather and scatter") {
  struct pair tcp = tcp_pair();
  char a[3], b[5];
  struct iovec out[2] = {{"abc", 3}, {"defgh", 5}};
  struct iovec in[2] = {{a, sizeof a}, {b, sizeof b}};
  CHECK(writev(tcp.client, out, 2) == 8);
  CHECK(readv(tcp.server, in, 2) == 8);
  CHECK(memcmp(a, "abc", 3) == 0 && memcmp(b, "defgh", 5) == 0);
}

CASE("c: poll and select agree") {
  struct pair tcp = tcp_pair();
  struct pollfd entry = {tcp.server, POLLIN, 0};
  struct timeval none = {0, 0};
  fd_set set;
  FD_ZERO(&set);
  FD_SET(tcp.server, &set);
  CHECK(poll(&entry, 1, 0) == 0);
  CHECK(select(tcp.server + 1, &set, NULL, NULL, &none) == 0);
  CHECK(!FD_ISSET(tcp.server, &set));
  CHECK(send(tcp.client, "x", 1, 0) == 1);
  CHECK(poll(&entry, 1, 5000) == 1);
  CHECK(entry.revents == POLLIN);
  FD_ZERO(&set);
  FD_SET(tcp.server, &set);
  CHECK(select(tcp.server + 1, &set, NULL, NULL, &none) == 1);
  CHECK(FD_ISSET(tcp.server, &set));
}

CASE("c: stdio over a socket") {
  struct pair tcp = tcp_pair();
  char line[64];
  FILE* out = fdopen(tcp.client, "w");
  FILE* in = fdopen(tcp.server, "r");
  CHECK(out != NULL && in != NULL);
  CHECK(fprintf(out, "%s %d\n", "line", 1) == 7);
  CHECK(fflush(out) == 0);
  CHECK(fgets(line, sizeof line, in) == line);
  CHECK(strcmp(line, "line 1\n") == 0);
  CHECK(fclose(out) == 0);
  CHECK(fgets(line, sizeof line, in) == NULL);
  CHECK(feof(in));
  CHECK(fclose(in) == 0);
}

CASE("c: getaddrinfo of a number") {
  struct addrinfo hints, *found = NULL;
  memset(&hints, 0, sizeof hints);
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  CHECK(getaddrinfo("127.0.0.1", "80", &hints, &found) == 0);
  CHECK(found != NULL && found->ai_next == NULL);
  CHECK(found->ai_family == AF_INET);
  CHECK(((struct sockaddr_in*)found->ai_addr)->sin_port == htons(80));
  freeaddrinfo(found);
}

CASE("c: FIONBIO and EAGAIN") {
  struct pair tcp = tcp_pair();
  int on = 1, waiting = -1;
  char byte;
  CHECK(ioctl(tcp.server, FIONBIO, &on) == 0);
  CHECK_FAILS(recv(tcp.server, &byte, 1, 0), EAGAIN);
  CHECK(ioctl(tcp.server, FIONREAD, &waiting) == 0);
  CHECK(waiting == 0);
}

CASE("c: errors set errno") {
  struct sockaddr_in address = loopback();
  CHECK_FAILS(socket(-1, SOCK_STREAM, 0), EAFNOSUPPORT);
  CHECK_FAILS(bind(-1, (struct sockaddr*)&address, sizeof address), EBADF);
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  CHECK_FAILS(bind(fd, (struct sockaddr*)&address, 1), EINVAL);
  CHECK_FAILS(accept(-1, NULL, NULL), EBADF);
  CHECK(close(fd) == 0);
  CHECK_FAILS(close(fd), EBADF);
}
