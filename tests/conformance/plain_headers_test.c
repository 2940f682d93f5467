/* For WASI this file is compiled with wasi-libc's own wasip2 headers, whatever the target, and linked with the library:
   objects that know nothing of the library's headers must work.
   SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "c_case.h"

static int listener(int family, struct sockaddr_storage* address, socklen_t* length) {
  int fd = socket(family, SOCK_STREAM, 0);
  CHECK(fd >= 0);
  memset(address, 0, sizeof *address);
  address->ss_family = family;
  if (family == AF_INET) {
    ((struct sockaddr_in*)address)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  } else {
    ((struct sockaddr_in6*)address)->sin6_addr = in6addr_loopback;
  }
  CHECK(bind(fd, (struct sockaddr*)address,
             family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6)) == 0);
  CHECK(listen(fd, SOMAXCONN) == 0);
  *length = sizeof *address;
  CHECK(getsockname(fd, (struct sockaddr*)address, length) == 0);
  return fd;
}

static void echo(int family) {
  struct sockaddr_storage address, from;
  socklen_t length, from_length = sizeof from;
  char buffer[16];
  int listening = listener(family, &address, &length);
  int client = socket(family, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP), server;
  CHECK(connect(client, (struct sockaddr*)&address, length) == 0);
  server = accept4(listening, (struct sockaddr*)&from, &from_length, SOCK_NONBLOCK);
  CHECK(server >= 0);
  CHECK(from.ss_family == family);
  CHECK_FAILS(recv(server, buffer, sizeof buffer, 0), EAGAIN);
  CHECK(send(client, "ping", 4, MSG_NOSIGNAL) == 4);
  struct pollfd entries[2] = {{server, POLLIN, 0}, {client, POLLOUT, 0}};
  CHECK(poll(entries, 2, 5000) >= 1);
  entries[0].revents = 0;
  CHECK(poll(entries, 1, 5000) == 1 && entries[0].revents == POLLIN);
  CHECK(recv(server, buffer, sizeof buffer, MSG_PEEK) == 4);
  CHECK(recv(server, buffer, sizeof buffer, MSG_DONTWAIT) == 4);
  CHECK(shutdown(server, SHUT_WR) == 0);
  CHECK(recv(client, buffer, sizeof buffer, MSG_WAITALL) == 0);
  CHECK(close(client) == 0 && close(server) == 0 && close(listening) == 0);
}

CASE("c, plain headers: a TCP connection over IPv4") { echo(AF_INET); }

CASE("c, plain headers: a TCP connection over IPv6") { echo(AF_INET6); }

CASE("c, plain headers: select") {
  struct sockaddr_storage address;
  socklen_t length;
  struct timeval time = {5, 0};
  fd_set in, out;
  int listening = listener(AF_INET, &address, &length);
  int client = socket(AF_INET, SOCK_STREAM, 0);
  CHECK(connect(client, (struct sockaddr*)&address, length) == 0);
  FD_ZERO(&in);
  FD_ZERO(&out);
  FD_SET(listening, &in);
  FD_SET(client, &out);
  CHECK(select(client + 1, &in, &out, NULL, &time) >= 1);
  CHECK(FD_ISSET(client, &out) || FD_ISSET(listening, &in));
  FD_ZERO(&in);
  FD_SET(listening, &in);
  CHECK(select(listening + 1, &in, NULL, NULL, &time) == 1);
  CHECK(FD_ISSET(listening, &in));
}

CASE("c, plain headers: options and ioctl") {
  int fd = socket(AF_INET, SOCK_STREAM, 0), value = -1, on = 1;
  socklen_t length = sizeof value;
  struct timeval time = {0, 20000};
  CHECK(getsockopt(fd, SOL_SOCKET, SO_TYPE, &value, &length) == 0 && value == SOCK_STREAM);
  CHECK(getsockopt(fd, SOL_SOCKET, SO_ERROR, &value, &length) == 0 && value == 0);
  CHECK(setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on) == 0);
  CHECK(getsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &value, &length) == 0 && value == 1);
  CHECK(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time) == 0);
  CHECK(ioctl(fd, FIONBIO, &on) == 0);
  CHECK(close(fd) == 0);
}

CASE("c, plain headers: a datagram with its sender") {
  struct sockaddr_in address, from;
  socklen_t length = sizeof address;
  char buffer[16];
  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  memset(&address, 0, sizeof address);
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  CHECK(bind(fd, (struct sockaddr*)&address, sizeof address) == 0);
  CHECK(getsockname(fd, (struct sockaddr*)&address, &length) == 0);
  CHECK(sendto(fd, "datagram", 8, 0, (struct sockaddr*)&address, length) == 8);
  length = sizeof from;
  CHECK(recvfrom(fd, buffer, 4, MSG_TRUNC, (struct sockaddr*)&from, &length) == 8);
  CHECK(memcmp(&from.sin_addr, &address.sin_addr, sizeof from.sin_addr) == 0 && from.sin_port == address.sin_port);
}

CASE("c, plain headers: getaddrinfo") {
  struct addrinfo hints, *found = NULL;
  memset(&hints, 0, sizeof hints);
  hints.ai_family = AF_INET6;
  hints.ai_socktype = SOCK_DGRAM;
  hints.ai_flags = AI_PASSIVE;
  CHECK(getaddrinfo(NULL, "53", &hints, &found) == 0);
  CHECK(found->ai_family == AF_INET6 && found->ai_socktype == SOCK_DGRAM && found->ai_protocol == IPPROTO_UDP);
  CHECK(found->ai_addrlen == sizeof(struct sockaddr_in6));
  CHECK(((struct sockaddr_in6*)found->ai_addr)->sin6_port == htons(53));
  freeaddrinfo(found);
  CHECK(getaddrinfo("127.0.0.1", "http\x01", &hints, &found) != 0);
}
