// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A minimal TCP echo client, whose size is measured; with WITH_NAME it uses one feature more.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#ifdef WITH_POLL
#include <poll.h>
#endif
#ifdef WITH_SELECT
#include <sys/select.h>
#endif
#ifdef WITH_EPOLL
#include <sys/epoll.h>
#endif
#ifdef WITH_NETDB
#include <netdb.h>
#endif
#ifdef WITH_STDIO
#include <stdio.h>
#endif

int main(int argc, char** argv) {
  char buffer[64] = "hello\n";
  struct sockaddr_in address;
  if (argc != 2) return 2;
  memset(&address, 0, sizeof address);
  address.sin_family = AF_INET;
  address.sin_port = htons((unsigned short)atoi(argv[1]));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
#ifdef WITH_NETDB
  struct addrinfo* found;
  if (getaddrinfo("localhost", argv[1], NULL, &found) != 0) return 1;
  memcpy(&address, found->ai_addr, sizeof address);
  freeaddrinfo(found);
#endif
#ifdef WITH_UDP
  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  if (sendto(fd, buffer, 6, 0, (struct sockaddr*)&address, sizeof address) != 6) return 1;
  close(fd);
#endif
  int stream = socket(AF_INET, SOCK_STREAM, 0);
  if (stream < 0 || connect(stream, (struct sockaddr*)&address, sizeof address) != 0) return 1;
  if (send(stream, buffer, 6, 0) != 6) return 1;
#ifdef WITH_POLL
  struct pollfd entry = {stream, POLLIN, 0};
  if (poll(&entry, 1, 1000) != 1) return 1;
#endif
#ifdef WITH_SELECT
  fd_set set;
  FD_ZERO(&set);
  FD_SET(stream, &set);
  if (select(stream + 1, &set, NULL, NULL, NULL) != 1) return 1;
#endif
#ifdef WITH_EPOLL
  struct epoll_event event = {0};
  event.events = EPOLLIN;
  int epoll = epoll_create1(0);
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, stream, &event) != 0 || epoll_wait(epoll, &event, 1, 1000) != 1) return 1;
#endif
#ifdef WITH_OPTIONS
  int one = 1;
  if (setsockopt(stream, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof one) != 0) return 1;
#endif
#ifdef WITH_STDIO
  FILE* file = fdopen(stream, "r");
  if (fgets(buffer, sizeof buffer, file) == NULL) return 1;
  printf("%s", buffer);
  return fclose(file);
#else
  ssize_t size = recv(stream, buffer, sizeof buffer, 0);
  if (size <= 0) return 1;
  close(stream);
  return write(1, buffer, (size_t)size) == size ? 0 : 1;
#endif
}
