// A native HTTP client that measures: COUNT requests for PATH over CLIENTS connections at once.
//   load PORT PATH BODY_LENGTH COUNT CLIENTS keep|close
// Prints the seconds it took. Exits non-zero if any answer isn't a 200 with a body of that length.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct client {
  char head[4096];
  size_t head_length;
  long body_left;  // -1 while the header is coming in
};

static char request[512];
static long body_length, to_send, to_finish;
static int keep;
static struct sockaddr_in server = {.sin_family = AF_INET};

static void die(const char* what) {
  fprintf(stderr, "load: %s: %s\n", what, errno != 0 ? strerror(errno) : "unexpected answer");
  exit(1);
}

static void send_request(int fd, struct client* client) {
  client->head_length = 0;
  client->body_left = -1;
  --to_send;
  const size_t length = strlen(request);
  if (write(fd, request, length) != (ssize_t)length) die("write");
}

static int open_client(struct client* client) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (fd < 0) die("socket");
  if (connect(fd, (struct sockaddr*)&server, sizeof server) < 0) die("connect");
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  send_request(fd, client);
  return fd;
}

// Takes in what has come. True when the answer is whole.
static int receive(int fd, struct client* client) {
  static char buffer[256 * 1024];
  errno = 0;
  const ssize_t got = read(fd, buffer, sizeof buffer);
  if (got <= 0) die("read");
  size_t taken = 0;
  while (client->body_left < 0 && taken < (size_t)got) {
    if (client->head_length + 1 == sizeof client->head) die("header");
    client->head[client->head_length++] = buffer[taken++];
    client->head[client->head_length] = '\0';
    if (client->head_length < 4 || strcmp(client->head + client->head_length - 4, "\r\n\r\n") != 0) continue;
    const char* length = strcasestr(client->head, "\r\nContent-Length: ");
    if (strncmp(client->head, "HTTP/1.1 200 ", 13) != 0 || length == NULL) die("header");
    client->body_left = atol(length + 18);
    if (client->body_left != body_length) die("length");
  }
  if (client->body_left < 0) return 0;
  client->body_left -= (long)((size_t)got - taken);
  if (client->body_left < 0) die("length");
  return client->body_left == 0;
}

int main(int count, char** arguments) {
  if (count != 7) return 2;
  server.sin_port = htons((unsigned short)atoi(arguments[1]));
  server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  body_length = atol(arguments[3]);
  to_send = to_finish = atol(arguments[4]);
  const long clients = atol(arguments[5]);
  keep = strcmp(arguments[6], "keep") == 0;
  if (clients < 1 || clients > 256 || clients > to_send) return 2;
  snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: %s\r\n\r\n", arguments[2],
           keep ? "keep-alive" : "close");

  struct timespec begin, end;
  clock_gettime(CLOCK_MONOTONIC, &begin);
  static struct client states[256];
  struct pollfd fds[256];
  for (long i = 0; i < clients; ++i) fds[i] = (struct pollfd){open_client(&states[i]), POLLIN, 0};
  while (to_finish > 0) {
    const int ready = poll(fds, (nfds_t)clients, 20000);
    if (ready < 0) die("poll");
    if (ready == 0) {
      fprintf(stderr, "load: no answer for 20 seconds, %ld to come\n", to_finish);
      return 1;
    }
    for (long i = 0; i < clients; ++i) {
      if (fds[i].revents == 0 || !receive(fds[i].fd, &states[i])) continue;
      --to_finish;
      if (keep && to_send > 0) {
        send_request(fds[i].fd, &states[i]);
        continue;
      }
      close(fds[i].fd);
      fds[i].fd = to_send > 0 ? open_client(&states[i]) : -1;
    }
  }
  clock_gettime(CLOCK_MONOTONIC, &end);
  printf("%.6f\n", (double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) / 1e9);
  return 0;
}
