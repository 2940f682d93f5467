// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The native peer of the benchmark. It prints its port; a connection begins with an order of a letter and a number, and has a
// process of its own.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static char buffer[1 << 20];

static int receive_all(int fd, void* out, size_t size) {
  for (size_t done = 0; done < size;) {
    ssize_t n = recv(fd, (char*)out + done, size - done, 0);
    if (n <= 0) return 0;
    done += (size_t)n;
  }
  return 1;
}

static int send_all(int fd, const void* data, size_t size) {
  for (size_t done = 0; done < size;) {
    ssize_t n = send(fd, (const char*)data + done, size - done, MSG_NOSIGNAL);
    if (n <= 0) return 0;
    done += (size_t)n;
  }
  return 1;
}

static struct sockaddr_in loopback(uint32_t port) {
  struct sockaddr_in address = {0};
  address.sin_family = AF_INET;
  address.sin_port = htons((uint16_t)port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// A socket bound to a port of the system's choice, which becomes *port.
static int bound(int type, uint32_t* port) {
  int fd = socket(AF_INET, type, 0);
  struct sockaddr_in address = loopback(0);
  socklen_t length = sizeof address;
  if (bind(fd, (struct sockaddr*)&address, length) != 0) exit(1);
  if (type == SOCK_STREAM && listen(fd, 4096) != 0) exit(1);
  getsockname(fd, (struct sockaddr*)&address, &length);
  *port = ntohs(address.sin_port);
  return fd;
}

// Leaves no TIME_WAIT behind.
static void close_at_once(int fd) {
  struct linger linger = {1, 0};
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
  close(fd);
}

// Accepts, waits for the other end's close, closes; until the control connection ends.
static void accept_and_close(int control) {
  uint32_t port;
  int listener = bound(SOCK_STREAM, &port);
  send_all(control, &port, sizeof port);
  for (;;) {
    struct pollfd set[2] = {{control, POLLIN, 0}, {listener, POLLIN, 0}};
    poll(set, 2, -1);
    if (set[0].revents != 0) return;
    int fd = accept(listener, NULL, NULL);
    if (fd < 0) return;
    (void)!recv(fd, buffer, sizeof buffer, 0);
    close_at_once(fd);
  }
}

// Keeps some connections waiting at the port, a new one for each that was closed.
static void connect_and_close(int control, uint32_t port) {
  enum { most = 32 };
  int fds[most];
  struct sockaddr_in address = loopback(port);
  for (int i = 0; i < most; ++i) fds[i] = -1;
  for (unsigned i = 0;; ++i) {
    int* fd = &fds[i % most];
    if (*fd >= 0) {
      struct pollfd set[2] = {{control, POLLIN, 0}, {*fd, POLLIN, 0}};
      poll(set, 2, -1);
      if (set[0].revents != 0) return;
      close_at_once(*fd);
    }
    *fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(*fd, (struct sockaddr*)&address, sizeof address) != 0) return;
  }
}

// Accepts `count` connections, and then sends a byte on those that each command names, and one on the control connection.
static void many(int control, uint32_t count) {
  struct {
    uint32_t first, stride, count, tell;
  } command;
  uint32_t port;
  int listener = bound(SOCK_STREAM, &port);
  int* fds = calloc(count, sizeof *fds);
  send_all(control, &port, sizeof port);
  for (uint32_t i = 0; i < count; ++i) {
    int one = 1;
    fds[i] = accept(listener, NULL, NULL);
    if (fds[i] < 0) return;
    setsockopt(fds[i], IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  }
  while (receive_all(control, &command, sizeof command)) {
    for (uint32_t i = 0; i < command.count; ++i) send_all(fds[(command.first + i * command.stride) % count], "x", 1);
    if (command.tell != 0) send_all(control, "x", 1);
  }
}

// `what`: 0 nobody reads, 1 datagrams come back, else they are sent, of that many bytes, while the control connection says so.
static void datagrams(int control, uint32_t what) {
  enum { batch = 32 };
  uint32_t port;
  int fd = bound(SOCK_DGRAM, &port);
  send_all(control, &port, sizeof port);
  if (what == 0) {
    (void)!recv(control, buffer, 1, 0);
    return;
  }
  if (what == 1) {
    for (;;) {
      struct sockaddr_in from;
      socklen_t length = sizeof from;
      struct pollfd set[2] = {{control, POLLIN, 0}, {fd, POLLIN, 0}};
      poll(set, 2, -1);
      if (set[0].revents != 0) return;
      ssize_t n = recvfrom(fd, buffer, sizeof buffer, 0, (struct sockaddr*)&from, &length);
      if (n >= 0) (void)!sendto(fd, buffer, (size_t)n, 0, (struct sockaddr*)&from, length);
    }
  }
  uint32_t to;
  if (!receive_all(control, &to, sizeof to)) return;
  struct sockaddr_in address = loopback(to);
  if (connect(fd, (struct sockaddr*)&address, sizeof address) != 0) return;
  struct iovec piece = {buffer, what};
  struct mmsghdr messages[batch];
  memset(messages, 0, sizeof messages);
  for (int i = 0; i < batch; ++i) {
    messages[i].msg_hdr.msg_iov = &piece;
    messages[i].msg_hdr.msg_iovlen = 1;
  }
  for (char going = 's', next;;) {
    ssize_t n = recv(control, &next, 1, going == 'g' ? MSG_DONTWAIT : 0);
    if (n == 0) return;
    if (n == 1) going = next;
    if (going == 'g') sendmmsg(fd, messages, batch, 0);
  }
}

static void serve(int fd) {
  int one = 1;
  struct {
    char what;
    char unused[3];
    uint32_t number;
  } order;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (!receive_all(fd, &order, sizeof order)) return;
  switch (order.what) {
    case 's':  // sends as fast as it can, lines of 80 bytes
      for (size_t i = 0; i < 65520; ++i) buffer[i] = i % 80 == 79 ? '\n' : 'x';
      while (send_all(fd, buffer, 65520)) {
      }
      break;
    case 'r':  // reads and drops
      while (recv(fd, buffer, sizeof buffer, 0) > 0) {
      }
      break;
    case 'e':  // sends messages of that size back
      while (order.number <= sizeof buffer && receive_all(fd, buffer, order.number) &&
             send_all(fd, buffer, order.number)) {
      }
      break;
    case 'c':
      accept_and_close(fd);
      break;
    case 'a':
      connect_and_close(fd, order.number);
      break;
    case 'm':
      many(fd, order.number);
      break;
    case 'u':
      datagrams(fd, order.number);
      break;
    default:
      break;
  }
}

int main(void) {
  uint32_t port;
  int listener = bound(SOCK_STREAM, &port);
  signal(SIGCHLD, SIG_IGN);
  signal(SIGPIPE, SIG_IGN);
  printf("%d\n", (int)port);
  fflush(stdout);
  for (;;) {
    int fd = accept(listener, NULL, NULL);
    if (fd < 0) return 0;
    if (fork() == 0) {
      close(listener);
      serve(fd);
      _exit(0);
    }
    close(fd);
  }
}
