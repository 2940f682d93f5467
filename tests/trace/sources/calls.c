// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Calls of every kind in an order that gives the same trace each time; calls.expected has it. What the program itself sees
// goes to standard output, and must be the same with and without the trace.
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <unistd.h>

static void see(const char* what, long result) {
  printf("%s %ld %s\n", what, result, result < 0 ? strerror(errno) : "");
}

static struct sockaddr_in loopback(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  return address;
}

static void wait_readable(int number) {
  struct pollfd entry = {number, POLLIN, 0};
  see("poll", poll(&entry, 1, 10000));
}

static void streams(void) {
  struct sockaddr_in address = loopback();
  socklen_t length = sizeof address;
  char buffer[64];
  int one = 1;
  int error = 7;
  struct linger linger = {1, 5};
  struct timeval time = {9, 250000};

  int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  see("setsockopt", setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one));
  see("setsockopt", setsockopt(listener, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time));
  see("bind", bind(listener, (struct sockaddr*)&address, sizeof address));
  see("listen", listen(listener, 5));
  see("getsockname", getsockname(listener, (struct sockaddr*)&address, &length));
  int client = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
  see("setsockopt", setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one));
  see("setsockopt", setsockopt(client, SOL_SOCKET, SO_LINGER, &linger, sizeof linger));
  see("setsockopt", setsockopt(client, IPPROTO_IP, IP_ADD_MEMBERSHIP, &one, sizeof one));
  see("connect", connect(client, (struct sockaddr*)&address, sizeof address));
  length = 100;
  int server = accept(listener, (struct sockaddr*)&address, &length);
  length = sizeof error;
  see("getsockopt", getsockopt(client, SOL_SOCKET, SO_ERROR, &error, &length));
  see("send", send(client, "hello\n\0001\"", 9, MSG_NOSIGNAL));
  wait_readable(server);
  see("ioctl", ioctl(server, FIONREAD, &one));
  see("recv", recv(server, buffer, sizeof buffer, MSG_PEEK));
  see("read", read(server, buffer, 5));
  struct iovec pieces[2] = {{buffer, 2}, {buffer + 10, 20}};
  see("readv", readv(server, pieces, 2));
  see("write", write(server, "an answer that is longer than what is shown of it", 49));
  fd_set set;
  FD_ZERO(&set);
  FD_SET(client, &set);
  time.tv_sec = 10;
  time.tv_usec = 0;
  see("select", select(client + 1, &set, NULL, NULL, &time));
  see("recvfrom", recvfrom(client, buffer, sizeof buffer, MSG_WAITALL | MSG_DONTWAIT, NULL, NULL));
  see("fcntl", fcntl(client, F_SETFL, O_NONBLOCK) + 0L);
  see("fcntl", fcntl(client, F_GETFL) < 0);
  see("read", read(client, buffer, sizeof buffer));
  see("shutdown", shutdown(server, SHUT_WR));
  wait_readable(client);
  see("read", read(client, buffer, sizeof buffer));
  see("dup", dup(client));
  see("dup2", dup2(client, 40));
  see("close", close(40));
  see("close", close(server));
  see("close", close(client));
  see("close", close(listener));
}

static void datagrams(void) {
  struct sockaddr_in address = loopback();
  socklen_t length = sizeof address;
  char buffer[64];
  int one = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
  int other = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP);
  see("bind", bind(other, (struct sockaddr*)&address, sizeof address));
  see("getsockname", getsockname(other, (struct sockaddr*)&address, &length));
  see("sendto", sendto(one, "ping", 4, 0, (struct sockaddr*)&address, sizeof address));
  wait_readable(other);
  length = sizeof address;
  see("recvfrom", recvfrom(other, buffer, 3, MSG_TRUNC, (struct sockaddr*)&address, &length));
  struct iovec pieces[2] = {{"po", 2}, {"ng", 2}};
  struct msghdr message = {.msg_name = &address, .msg_namelen = sizeof address, .msg_iov = pieces, .msg_iovlen = 2};
  see("sendmsg", sendmsg(other, &message, 0));
  wait_readable(one);
  struct iovec room = {buffer, sizeof buffer};
  message.msg_iov = &room;
  message.msg_iovlen = 1;
  see("recvmsg", recvmsg(one, &message, 0));
  see("recvmsg", recvmsg(one, &message, MSG_DONTWAIT));
  see("close", close(one));
  see("close", close(other));
}

static void waiting(void) {
  int pair[2], ends[2];
  see("socketpair", socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
  see("pipe2", pipe2(ends, O_NONBLOCK));
  int set = epoll_create1(EPOLL_CLOEXEC);
  struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.u64 = 0x2a};
  see("epoll_ctl", epoll_ctl(set, EPOLL_CTL_ADD, pair[0], &event));
  see("epoll_wait", epoll_wait(set, &event, 1, 0));
  see("write", write(pair[1], "x", 1));
  see("epoll_wait", epoll_wait(set, &event, 1, -1));
  see("epoll_ctl", epoll_ctl(set, EPOLL_CTL_DEL, pair[0], NULL));
  struct pollfd entries[2] = {{pair[0], POLLIN | POLLOUT, 0}, {ends[0], POLLIN, 0}};
  see("poll", poll(entries, 2, 0));
  see("poll", poll(entries + 1, 1, 1));
  int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
  struct itimerspec setting = {{0, 0}, {0, 1}};
  see("timerfd_settime", timerfd_settime(timer, 0, &setting, NULL));
  int counter = eventfd(3, EFD_SEMAPHORE | EFD_NONBLOCK);
  see("close", close(counter));
  struct sockaddr_un path = {.sun_family = AF_UNIX, .sun_path = "/nowhere"};
  int local = socket(AF_UNIX, SOCK_DGRAM, 0);
  see("connect", connect(local, (struct sockaddr*)&path, sizeof path));
}

static void mistakes(void) {
  struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_port = htons(80), .sin6_scope_id = 3};
  address.sin6_addr.s6_addr[15] = 1;
  see("socket", socket(AF_INET6, SOCK_RAW, 1));
  see("socket", socket(77, 99, 0));
  see("connect", connect(99, (struct sockaddr*)&address, sizeof address));
  see("bind", bind(98, NULL, 16));
  see("recv", recv(97, NULL, 5, 0));
  see("getsockopt", getsockopt(96, SOL_SOCKET, 12345, NULL, NULL));
  see("accept", accept(95, (struct sockaddr*)-8, (socklen_t*)-8));
  see("poll", poll(NULL, 1, 0));
}

static void names(void) {
  struct addrinfo hints = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM}, *list;
  char host[64], service[8];
  see("getaddrinfo", getaddrinfo("127.0.0.1", "http", &hints, &list));
  see("getnameinfo", getnameinfo(list->ai_addr, list->ai_addrlen, host, sizeof host, service, sizeof service,
                                 NI_NUMERICHOST | NI_NUMERICSERV));
  freeaddrinfo(list);
  hints.ai_family = 99;
  see("getaddrinfo", getaddrinfo("127.0.0.1", NULL, &hints, &list));
  see("gethostbyname", gethostbyname("127.0.0.2") != NULL);
  see("gethostbyname2", gethostbyname2("127.0.0.2", AF_INET6) != NULL);
}

int main(void) {
  // The targets differ in the numbers that files have taken: sockets begin at 10 on both.
  while (eventfd(0, 0) < 9) {
  }
  streams();
  datagrams();
  waiting();
  mistakes();
  names();
  puts("end");
  return 0;
}
