/* An echo server with poll(2): every byte that a client sends comes back. Usage: echo-poll [PORT] (default: any free port)
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST_CLIENTS = 256, ROOM = 4096 };

struct client {
  char data[ROOM];
  size_t begin, end; /* what isn't sent back yet */
};

static struct pollfd fds[1 + MOST_CLIENTS]; /* fds[0] is the listener */
static struct client clients[1 + MOST_CLIENTS];
static nfds_t count;

static int listen_at(in_port_t port) {
  int fd = socket(AF_INET, SOCK_STREAM, 0);
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

static void take_client(void) {
  int fd = accept(fds[0].fd, NULL, NULL);
  if (fd < 0) {
    if (errno != EAGAIN && errno != EINTR) perror("accept");
    return;
  }
  if (count == 1 + MOST_CLIENTS || fcntl(fd, F_SETFL, O_NONBLOCK) != 0) {
    close(fd);
    return;
  }
  fds[count] = (struct pollfd){.fd = fd, .events = POLLIN};
  clients[count].begin = clients[count].end = 0;
  ++count;
}

/* 0: the client is done. */
static int serve(nfds_t i) {
  struct client* client = &clients[i];
  if (client->begin == client->end) {
    ssize_t got = recv(fds[i].fd, client->data, ROOM, 0);
    if (got < 0) return errno == EAGAIN || errno == EINTR;
    if (got == 0) return 0;
    client->begin = 0;
    client->end = (size_t)got;
  }
  ssize_t sent = send(fds[i].fd, client->data + client->begin, client->end - client->begin, MSG_NOSIGNAL);
  if (sent < 0 && errno != EAGAIN && errno != EINTR) return 0;
  if (sent > 0) client->begin += (size_t)sent;
  /* A client that doesn't read is read no further: what it has sent waits in its own kernel. */
  fds[i].events = client->begin == client->end ? POLLIN : POLLOUT;
  return 1;
}

int main(int argc, char** argv) {
  fds[0] = (struct pollfd){.fd = listen_at((in_port_t)(argc > 1 ? atoi(argv[1]) : 0)), .events = POLLIN};
  fcntl(fds[0].fd, F_SETFL, O_NONBLOCK);
  count = 1;
  for (;;) {
    if (poll(fds, count, -1) < 0) {
      if (errno == EINTR) continue;
      perror("poll");
      return 1;
    }
    for (nfds_t i = count; i-- > 1;) {
      if (fds[i].revents == 0 || serve(i)) continue;
      close(fds[i].fd);
      fds[i] = fds[--count]; /* the last one takes the place */
      clients[i] = clients[count];
    }
    if (fds[0].revents != 0) take_client();
  }
}
