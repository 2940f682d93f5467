// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What toolchain/soak loads: an echo server over epoll, with a second port that tells how much memory and how many connections
// there are, and ends it.
//
// guest ADDRESS     prints "ports ECHO CONTROL"
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { most_descriptors = 16384, piece = 16384 };

// What the peer hasn't taken yet; nothing is read meanwhile.
struct pending {
  int begin, size;
  char data[];
};
static struct pending* pendings[most_descriptors];
static char is_control[most_descriptors];
static int set, open_connections;

static void fail(const char* what) {
  perror(what);
  exit(1);
}

static int listen_at(const char* address, int* port) {
  struct sockaddr_in name = {.sin_family = AF_INET};
  socklen_t size = sizeof name;
  inet_pton(AF_INET, address, &name.sin_addr);
  int number = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (number < 0 || bind(number, (struct sockaddr*)&name, size) < 0 || listen(number, 4096) < 0) fail("listen");
  if (getsockname(number, (struct sockaddr*)&name, &size) < 0) fail("getsockname");
  *port = ntohs(name.sin_port);
  return number;
}

static void watch(int operation, int number, unsigned events) {
  struct epoll_event event = {.events = events, .data.fd = number};
  if (epoll_ctl(set, operation, number, &event) < 0) fail("epoll_ctl");
}

static void end(int number) {
  free(pendings[number]);
  pendings[number] = NULL;
  close(number);
  --open_connections;
}

static void accept_all(int listener, int control) {
  for (;;) {
    int number = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
    if (number < 0 && (errno == EAGAIN || errno == ECONNABORTED)) return;
    if (number < 0) fail("accept4");
    is_control[number] = (char)control;
    ++open_connections;
    watch(EPOLL_CTL_ADD, number, EPOLLIN);
  }
}

// In bytes; of the native build only what malloc has from the kernel.
static unsigned long memory(void) {
#ifdef __wasm__
  return __builtin_wasm_memory_size(0) * 65536UL;
#else
  return 0;
#endif
}

static void obey(int number) {
  char line[64], answer[128];
  ssize_t size = read(number, line, sizeof line);
  if (size <= 0) {
    end(number);
  } else if (line[0] == 'q') {
    printf("ends\n");
    exit(0);
  } else {
    int length = snprintf(answer, sizeof answer, "%lu %d\n", memory(), open_connections);
    if (write(number, answer, (size_t)length) != length) fail("stats");
  }
}

static void flush(int number) {
  struct pending* left = pendings[number];
  ssize_t done = write(number, left->data + left->begin, (size_t)(left->size - left->begin));
  if (done < 0 && errno == EAGAIN) return;
  if (done < 0) {
    end(number);
    return;
  }
  left->begin += (int)done;
  if (left->begin < left->size) return;
  free(left);
  pendings[number] = NULL;
  watch(EPOLL_CTL_MOD, number, EPOLLIN);
}

static void echo(int number) {
  static char buffer[piece];
  ssize_t size = read(number, buffer, sizeof buffer);
  if (size < 0 && errno == EAGAIN) return;
  if (size <= 0) {
    end(number);
    return;
  }
  ssize_t done = write(number, buffer, (size_t)size);
  if (done == size) return;
  if (done < 0 && errno != EAGAIN) {
    end(number);
    return;
  }
  if (done < 0) done = 0;
  struct pending* left = malloc(sizeof *left + (size_t)(size - done));
  if (left == NULL) fail("malloc");
  left->begin = 0;
  left->size = (int)(size - done);
  memcpy(left->data, buffer + done, (size_t)left->size);
  pendings[number] = left;
  watch(EPOLL_CTL_MOD, number, EPOLLOUT);
}

int main(int argc, char** argv) {
  const char* address = argc > 1 ? argv[1] : "127.0.0.1";
  int ports[2];
  int echoes = listen_at(address, &ports[0]), controls = listen_at(address, &ports[1]);
  set = epoll_create1(0);
  watch(EPOLL_CTL_ADD, echoes, EPOLLIN);
  watch(EPOLL_CTL_ADD, controls, EPOLLIN);
  printf("ports %d %d\n", ports[0], ports[1]);
  fflush(stdout);
  for (;;) {
    struct epoll_event events[256];
    int count = epoll_wait(set, events, 256, -1);
    if (count < 0) fail("epoll_wait");
    for (int i = 0; i < count; ++i) {
      int number = events[i].data.fd;
      if (number == echoes || number == controls) {
        accept_all(number, number == controls);
      } else if (is_control[number]) {
        obey(number);
      } else if (pendings[number] != NULL) {
        flush(number);
      } else {
        echo(number);
      }
    }
  }
}
