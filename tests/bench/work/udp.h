// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// UDP: sending, receiving, round trips, one by one and in batches.
#pragma once

#include "peer.h"

enum { batch = 16 };

static int udp_control;
static struct iovec piece;
#ifndef BENCH_PLAIN
static struct mmsghdr messages[batch];
#endif

static void set_up_udp(const struct arguments* a, size_t what) {
  size = a->size;
  udp_control = order(a->port, 'u', what);
  struct sockaddr_in address = loopback(answered_port(udp_control));
  fd = socket(AF_INET, SOCK_DGRAM, 0);
  check(fd >= 0, "socket");
  piece.iov_base = buffer;
  piece.iov_len = size;
#ifndef BENCH_PLAIN
  for (int i = 0; i < batch; ++i) {
    messages[i].msg_hdr.msg_iov = &piece;
    messages[i].msg_hdr.msg_iovlen = 1;
  }
#endif
  if (what <= 1) {
    check(connect(fd, (struct sockaddr*)&address, sizeof address) == 0, "connect");
    return;
  }
  struct sockaddr_in own = loopback(0);
  socklen_t length = sizeof own;
  check(bind(fd, (struct sockaddr*)&own, length) == 0, "bind");
  check(getsockname(fd, (struct sockaddr*)&own, &length) == 0, "getsockname");
  uint32_t number = ntohs(own.sin_port);
  send_all(udp_control, &number, sizeof number);
}
static void set_up_udp_sink(const struct arguments* a) { set_up_udp(a, 0); }
static void set_up_udp_echo(const struct arguments* a) { set_up_udp(a, 1); }
static void set_up_udp_source(const struct arguments* a) { set_up_udp(a, a->size); }

static double run_udp_send(void) {
  for (int i = 0; i < 64; ++i) check(send(fd, buffer, size, 0) == (ssize_t)size, "send");
  return 64;
}

static double run_sendmmsg(void) {
#ifdef BENCH_PLAIN
  return run_udp_send();  // it has no other
#else
  int sent = sendmmsg(fd, messages, batch, 0);
  check(sent > 0, "sendmmsg");
  return sent;
#endif
}

// The sender goes while the work does: otherwise it would take the machine from the others.
static double udp_go(void) {
  send_all(udp_control, "g", 1);
  for (int i = 0; i < 64; ++i) check(recv(fd, buffer, sizeof buffer, 0) >= 0, "recv");
  return now();
}
static void udp_stop(double finish) {
  send_all(udp_control, "s", 1);
  not_counted += now() - finish;
}
static double run_udp_recv(void) {
  double before = now(), start = udp_go();
  not_counted += start - before;
  for (int i = 0; i < 4096; ++i) check(recv(fd, buffer, sizeof buffer, 0) >= 0, "recv");
  udp_stop(now());
  return 4096;
}
static double run_recvmmsg(void) {
#ifdef BENCH_PLAIN
  return run_udp_recv();
#else
  double count = 0, before = now(), start = udp_go();
  not_counted += start - before;
  piece.iov_len = sizeof buffer;
  while (count < 4096) {
    int n = recvmmsg(fd, messages, batch, MSG_WAITFORONE, NULL);
    check(n > 0, "recvmmsg");
    count += n;
  }
  udp_stop(now());
  return count;
#endif
}

static double run_udp_rtt(void) {
  check(send(fd, buffer, size, 0) == (ssize_t)size, "send");
  check(recv(fd, buffer, sizeof buffer, 0) == (ssize_t)size, "recv");
  return 1;
}
