// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP: throughput, round trips, connections, stdio.
#pragma once

#include "peer.h"

static int control;
static int port;
static unsigned held;
static FILE* file;

static void set_option(int level, int name, int value) {
  int result = setsockopt(fd, level, name, &value, sizeof value);
#ifndef BENCH_PLAIN  // wasi-libc has few
  check(result == 0, "setsockopt");
#endif
  (void)result;
}

static void order_sender(const struct arguments* a) {
  size = a->size;
  fd = order(a->port, 's', 0);
}
static void order_reader(const struct arguments* a) {
  size = a->size;
  fd = order(a->port, 'r', 0);
}
static void order_echo(const struct arguments* a) {
  size = a->size;
  fd = order(a->port, 'e', size);
}

static double run_recv(void) {
  double count = 0;
  for (int i = 0; i < 64 && count < 1e6; ++i) {
    ssize_t n = recv(fd, buffer, size, 0);
    check(n > 0, "recv");
    count += (double)n;
  }
  return count;
}

static double send_many(int flags) {
  double count = 0;
  for (int i = 0; i < 64 && count < 1e6; ++i) {
    ssize_t n = send(fd, buffer, size, flags);
    check(n > 0, "send");
    count += (double)n;
  }
  return count;
}
static double run_send(void) { return send_many(0); }

// Several sends that the program lets leave together. wasi-libc has nothing of the kind and sends them one by one.
static double run_send_more(void) {
#ifdef BENCH_PLAIN
  return send_many(0);
#else
  double count = send_many(MSG_MORE);
  return count + (++held % 4 == 0 ? (double)send(fd, buffer, size, 0) : 0);
#endif
}
static void set_up_cork(const struct arguments* a) {
  order_reader(a);
#ifndef BENCH_PLAIN
  set_option(IPPROTO_TCP, TCP_CORK, 1);
#endif
}
static void set_up_no_delay_sends(const struct arguments* a) {
  order_reader(a);
#ifndef BENCH_PLAIN
  set_option(IPPROTO_TCP, TCP_NODELAY, 1);
#endif
}

// Three parts of together `size` bytes: a header, a body, a trailer.
static double run_writev(void) {
  double count = 0;
  size_t edge = size / 8;
  for (int i = 0; i < 32 && count < 1e6; ++i) {
    struct iovec parts[3] = {{buffer, edge}, {buffer + edge, size - 2 * edge}, {buffer + size - edge, edge}};
    struct iovec* next = parts;
    while (next < parts + 3) {  // as a program must, since less than all may be taken
      ssize_t n = writev(fd, next, (int)(parts + 3 - next));
      check(n > 0, "writev");
      count += (double)n;
      while (next < parts + 3 && (size_t)n >= next->iov_len) {
        n -= (ssize_t)next->iov_len;
        ++next;
      }
      if (next < parts + 3) {
        next->iov_base = (char*)next->iov_base + n;
        next->iov_len -= (size_t)n;
      }
    }
  }
  return count;
}

static double run_rtt(void) {
  send_all(fd, buffer, size);
  receive_all(fd, buffer, size);
  return 1;
}

static void set_up_no_delay(const struct arguments* a) {
  order_echo(a);
  set_option(IPPROTO_TCP, TCP_NODELAY, 1);
}
static double run_write_write_read(void) {
  send_all(fd, buffer, size / 2);
  send_all(fd, buffer + size / 2, size - size / 2);
  receive_all(fd, buffer, size);
  return 1;
}

static void set_up_connect(const struct arguments* a) {
  control = order(a->port, 'c', 0);
  port = answered_port(control);
}
static double run_connect(void) {
  for (int i = 0; i < 4; ++i) close(connect_to(port));
  return 4;
}

static void set_up_accept(const struct arguments* a) {
  struct sockaddr_in address = loopback(0);
  socklen_t length = sizeof address;
  fd = socket(AF_INET, SOCK_STREAM, 0);
  check(fd >= 0 && bind(fd, (struct sockaddr*)&address, length) == 0 && listen(fd, 128) == 0, "listen");
  check(getsockname(fd, (struct sockaddr*)&address, &length) == 0, "getsockname");
  control = order(a->port, 'a', ntohs(address.sin_port));
}
static double run_accept(void) {
  for (int i = 0; i < 4; ++i) {
    int accepted = accept(fd, NULL, NULL);
    check(accepted >= 0, "accept");
    close(accepted);
  }
  return 4;
}

static void set_up_lines_in(const struct arguments* a) {
  order_sender(a);
  file = fdopen(fd, "r");
  check(file != NULL, "fdopen");
}
static double run_lines_in(void) {
  for (int i = 0; i < 64; ++i) check(fgets(buffer, sizeof buffer, file) != NULL, "fgets");
  return 64;
}
static void set_up_lines_out(const struct arguments* a) {
  order_reader(a);
  file = fdopen(fd, "w");
  check(file != NULL, "fdopen");
}
static double run_lines_out(void) {
  for (int i = 0; i < 64; ++i) check(fprintf(file, "%06d %s %70d\n", i, "x", i) > 0, "fprintf");
  return 64;
}
