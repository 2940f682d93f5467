// An echo server by libev: echo BACKEND PORT. Says what its timer, idle, signal and stat watchers saw on standard output.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <arpa/inet.h>
#include <errno.h>
#include <ev.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct client {
  ev_io io;
  size_t size, sent;
  char buffer[65536];
};

static void on_client(struct ev_loop* loop, ev_io* io, int events) {
  struct client* client = (struct client*)io;
  ssize_t n = 0;
  if (events & EV_READ) {
    n = recv(io->fd, client->buffer, sizeof client->buffer, 0);
    if (n > 0) client->size = (size_t)n, client->sent = 0;
  } else if (events & EV_WRITE) {
    n = send(io->fd, client->buffer + client->sent, client->size - client->sent, MSG_NOSIGNAL);
    if (n > 0) client->sent += (size_t)n;
  }
  const int over = n == 0 || (n < 0 && errno != EAGAIN);
  ev_io_stop(loop, io);
  if (over) {
    close(io->fd);
    free(client);
    return;
  }
  ev_io_set(io, io->fd, client->sent < client->size ? EV_WRITE : EV_READ);
  ev_io_start(loop, io);
}

static void on_connection(struct ev_loop* loop, ev_io* io, int events) {
  (void)events;
  const int fd = accept4(io->fd, NULL, NULL, SOCK_NONBLOCK);
  if (fd < 0) return;
  struct client* client = calloc(1, sizeof *client);
  ev_io_init(&client->io, on_client, fd, EV_READ);
  ev_io_start(loop, &client->io);
}

static void on_timer(struct ev_loop* loop, ev_timer* timer, int events) {
  (void)loop, (void)events;
  printf("timer\n");
  FILE* file = fopen("/tmp/watched", "w");
  fputs("changed", file);
  fclose(file);
  raise(SIGUSR1);
  ev_timer_stop(loop, timer);
}
static void on_signal(struct ev_loop* loop, ev_signal* watcher, int events) {
  (void)loop, (void)events;
  printf("signal %d\n", watcher->signum == SIGUSR1);
}
static void on_stat(struct ev_loop* loop, ev_stat* watcher, int events) {
  (void)events;
  printf("stat %d\n", (int)watcher->attr.st_size);
  ev_stat_stop(loop, watcher);
}

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  struct ev_loop* loop = ev_default_loop((unsigned)atoi(argv[1]));
  if (loop == NULL || ev_backend(loop) != (unsigned)atoi(argv[1])) return 3;
  setvbuf(stdout, NULL, _IOLBF, 0);
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(argv[2]))};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(listener, (struct sockaddr*)&address, sizeof address) < 0 || listen(listener, 64) < 0) return 4;
  ev_io io;
  ev_io_init(&io, on_connection, listener, EV_READ);
  ev_io_start(loop, &io);
  ev_timer timer;
  ev_timer_init(&timer, on_timer, 0.1, 0.);
  ev_timer_start(loop, &timer);
  ev_signal on_usr1;
  ev_signal_init(&on_usr1, on_signal, SIGUSR1);
  ev_signal_start(loop, &on_usr1);
  ev_stat watched;
  ev_stat_init(&watched, on_stat, "/tmp/watched", 0.2);
  ev_stat_start(loop, &watched);
  ev_run(loop, 0);
}
