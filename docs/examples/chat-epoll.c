/* A chat with epoll(7): what one client writes, a line at a time, all others get. Usage: chat-epoll [PORT]
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#define _GNU_SOURCE /* accept4 on older systems */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LONGEST_LINE = 512, MOST_EVENTS = 64 };

struct member {
  int fd;
  size_t used;
  char line[LONGEST_LINE];
  struct member* next;
};
static struct member* members;
static int epoll;

static int listen_at(in_port_t port) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  int on = 1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      bind(fd, (struct sockaddr*)&address, sizeof address) != 0 || listen(fd, 16) != 0 ||
      getsockname(fd, (struct sockaddr*)&address, &length) != 0) {
    perror("listen");
    exit(1);
  }
  printf("listening at 127.0.0.1:%d\n", ntohs(address.sin_port));
  fflush(stdout);
  return fd;
}

static void join(int listener) {
  int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
  if (fd < 0) return;
  struct member* member = calloc(1, sizeof *member);
  struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP, .data.ptr = member};
  if (member == NULL || epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0) {
    perror("join");
    free(member);
    close(fd);
    return;
  }
  member->fd = fd;
  member->next = members;
  members = member;
}

static void leave(struct member* member) {
  for (struct member** link = &members; *link != NULL; link = &(*link)->next) {
    if (*link != member) continue;
    *link = member->next;
    break;
  }
  close(member->fd); /* takes it out of the epoll set, too */
  free(member);
}

/* Who doesn't keep up loses lines: a chat doesn't wait for its slowest member. */
static void tell_others(const struct member* speaker, const char* line, size_t size) {
  for (struct member* member = members; member != NULL; member = member->next)
    if (member != speaker) (void)send(member->fd, line, size, MSG_NOSIGNAL);
}

/* 0: the member has gone. */
static int hear(struct member* member) {
  ssize_t got = recv(member->fd, member->line + member->used, LONGEST_LINE - member->used, 0);
  if (got < 0) return errno == EAGAIN || errno == EINTR;
  if (got == 0) return 0;
  member->used += (size_t)got;
  char *begin = member->line, *end = member->line + member->used, *newline;
  while ((newline = memchr(begin, '\n', (size_t)(end - begin))) != NULL) {
    tell_others(member, begin, (size_t)(newline + 1 - begin));
    begin = newline + 1;
  }
  member->used = (size_t)(end - begin);
  memmove(member->line, begin, member->used);
  return member->used < LONGEST_LINE; /* nobody has that much to say in one line */
}

int main(int argc, char** argv) {
  int listener = listen_at((in_port_t)(argc > 1 ? atoi(argv[1]) : 0));
  struct epoll_event events[MOST_EVENTS] = {{.events = EPOLLIN, .data.ptr = NULL}};
  epoll = epoll_create1(EPOLL_CLOEXEC);
  if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &events[0]) != 0) {
    perror("epoll");
    return 1;
  }
  for (;;) {
    int count = epoll_wait(epoll, events, MOST_EVENTS, -1);
    if (count < 0 && errno != EINTR) {
      perror("epoll_wait");
      return 1;
    }
    for (int i = 0; i < count; ++i) {
      struct member* member = events[i].data.ptr;
      if (member == NULL) {
        join(listener);
      } else if (!hear(member)) {
        leave(member);
      }
    }
  }
}
