// A constructor that uses the library, in a program that links its other parts, too.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <arpa/inet.h>
#include <err.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static volatile int rang;
static void ring(int signal) { rang = signal; }

static void fail(const char* what) {
  printf("%s fails\n", what);
  exit(1);
}

static void use_everything(void) {
  int pair[2], server, client, accepted, set, timer;
  char text[8];
  struct pollfd wait = {-1, POLLIN, 0};
  struct timeval moment = {0, 1000};
  struct sockaddr_in address = {0};
  socklen_t length = sizeof address;
  struct addrinfo* found;
  struct epoll_event event = {EPOLLIN, {0}};
  const struct itimerspec soon = {{0, 0}, {0, 1000000}};
  usleep(1000);
  if (poll(&wait, 1, 1) != 0) fail("poll");
  if (select(0, NULL, NULL, NULL, &moment) != 0) fail("select");
  if (getenv("NAME") == NULL || strcmp(getenv("NAME"), "value") != 0) fail("getenv");
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0 || write(pair[0], "text", 4) != 4) fail("socketpair");
  if (read(pair[1], text, sizeof text) != 4) fail("read");
  if (pipe(pair) != 0 || write(pair[1], "x", 1) != 1) fail("pipe");
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  server = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(server, (struct sockaddr*)&address, sizeof address) != 0 || listen(server, 1) != 0) fail("listen");
  if (getsockname(server, (struct sockaddr*)&address, &length) != 0) fail("getsockname");
  client = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(client, (struct sockaddr*)&address, sizeof address) != 0) fail("connect");
  accepted = accept(server, NULL, NULL);
  if (send(client, "hi", 2, 0) != 2 || recv(accepted, text, 2, MSG_WAITALL) != 2) fail("recv");
  if (getaddrinfo("127.0.0.1", "80", NULL, &found) != 0) fail("getaddrinfo");
  freeaddrinfo(found);
  timer = timerfd_create(CLOCK_MONOTONIC, 0);
  set = epoll_create1(0);
  if (timerfd_settime(timer, 0, &soon, NULL) != 0 || epoll_ctl(set, EPOLL_CTL_ADD, timer, &event) != 0) fail("timerfd");
  if (epoll_wait(set, &event, 1, 5000) != 1) fail("epoll_wait");
  signal(SIGALRM, ring);
  ualarm(1000, 0);
  poll(NULL, 0, 5000);
  if (rang != SIGALRM) fail("ualarm");
  raise(SIGALRM);
  warnx("said in a constructor");
  rang = 0;
}
__attribute__((constructor)) static void late(void) {
  use_everything();
  puts("constructor");
}
__attribute__((constructor(101))) static void early(void) { use_everything(); }

int main(void) {
  alarm(1);
  sleep(5);
  puts(rang == SIGALRM ? "alarm" : "no alarm");
  return 0;
}
