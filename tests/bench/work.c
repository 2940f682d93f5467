// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One measurement of the benchmark, the same source for every build: work PORT WHAT SIZE SECONDS, prints one number.
//   recv, send          bytes a second with calls of SIZE bytes
//   rtt                 round trips of SIZE bytes a second
//   wwr                 round trips of SIZE bytes a second, each sent as two writes, with TCP_NODELAY
//   connect             connections a second, each from connect to the end of both sides
//   poll                waits a second over SIZE idle connections and one that answers
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static char buffer[1 << 20];
static int port;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void check(int ok, const char* what) {
  if (ok) return;
  perror(what);
  exit(1);
}

static int connect_to_peer(void) {
  struct sockaddr_in address;
  memset(&address, 0, sizeof address);
  address.sin_family = AF_INET;
  address.sin_port = htons((uint16_t)port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  check(fd >= 0 && connect(fd, (struct sockaddr*)&address, sizeof address) == 0, "connect");
  return fd;
}

static int order(char what, uint32_t size) {
  struct {
    char what;
    char unused[3];
    uint32_t size;
  } order = {what, {0}, size};
  int fd = connect_to_peer();
  check(send(fd, &order, sizeof order, 0) == sizeof order, "order");
  return fd;
}

static void receive_all(int fd, size_t size) {
  for (size_t done = 0; done < size;) {
    ssize_t n = recv(fd, buffer + done, size - done, 0);
    check(n > 0, "recv");
    done += (size_t)n;
  }
}

static void send_all(int fd, size_t size) {
  for (size_t done = 0; done < size;) {
    ssize_t n = send(fd, buffer + done, size - done, 0);
    check(n > 0, "send");
    done += (size_t)n;
  }
}

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  port = atoi(argv[1]);
  const char* what = argv[2];
  size_t size = (size_t)atoi(argv[3]);
  double seconds = atof(argv[4]), count = 0, start, end;
  int fd = -1;
  struct pollfd* set = NULL;
  if (strcmp(what, "recv") == 0) fd = order('s', 0);
  if (strcmp(what, "send") == 0) fd = order('r', 0);
  if (strcmp(what, "rtt") == 0 || strcmp(what, "poll") == 0)
    fd = order('e', strcmp(what, "poll") == 0 ? 1 : (uint32_t)size);
  if (strcmp(what, "wwr") == 0) {
    int one = 1;
    fd = order('e', (uint32_t)size);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  }
  if (strcmp(what, "poll") == 0) {
    // The idle ones wait in the peer's accept queue, or behind it.
    set = calloc(size + 1, sizeof *set);
    check(set != NULL, "memory");
    struct sockaddr_in address;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (size_t i = 0; i < size; ++i) {
      set[i].fd = socket(AF_INET, SOCK_DGRAM, 0);
      check(set[i].fd >= 0 && bind(set[i].fd, (struct sockaddr*)&address, sizeof address) == 0, "idle");
      set[i].events = POLLIN;
    }
    set[size].fd = fd;
    set[size].events = POLLIN;
  }
  start = now();
  do {
    for (int i = 0; i < 16; ++i) {
      if (strcmp(what, "recv") == 0) {
        ssize_t n = recv(fd, buffer, size, 0);
        check(n > 0, "recv");
        count += (double)n;
      } else if (strcmp(what, "send") == 0) {
        ssize_t n = send(fd, buffer, size, 0);
        check(n > 0, "send");
        count += (double)n;
      } else if (strcmp(what, "rtt") == 0) {
        send_all(fd, size);
        receive_all(fd, size);
        ++count;
      } else if (strcmp(what, "wwr") == 0) {
        send_all(fd, size / 2);
        send_all(fd, size - size / 2);
        receive_all(fd, size);
        ++count;
        if (now() - start > seconds) break;
      } else if (strcmp(what, "connect") == 0) {
        // To the peer's end, so that connections don't pile up in its queue.
        fd = order('r', 0);
        shutdown(fd, SHUT_WR);
        check(recv(fd, buffer, sizeof buffer, 0) == 0, "end");
        close(fd);
        ++count;
      } else {
        send_all(fd, 1);
        check(poll(set, (nfds_t)size + 1, 5000) == 1, "poll");
        receive_all(fd, 1);
        ++count;
      }
    }
    end = now();
  } while (end - start < seconds);
  printf("%.6g\n", count / (end - start));
  return 0;
}
