// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Waiting: poll, select and epoll over many idle connections and some active ones; the memory that idle ones take.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <sys/select.h>

#include "peer.h"
#ifndef BENCH_PLAIN
#include <sys/epoll.h>
#endif

static int commands;
static int* fds;
static size_t total;
static struct pollfd* set;
static int epoll_set;
static struct arguments wait_arguments;
static uint32_t turn;

static void set_up_many(const struct arguments* a) {
  wait_arguments = *a;
  total = a->idle + a->active;
  fds = calloc(total, sizeof *fds);
  set = calloc(total, sizeof *set);
  check(fds != NULL && set != NULL, "memory");
  commands = order(a->port, 'm', total);
  int many = answered_port(commands);
  for (size_t i = 0; i < total; ++i) {
    fds[i] = connect_to(many);
    check(fcntl(fds[i], F_SETFL, O_NONBLOCK) == 0, "fcntl");
    set[i].fd = fds[i];
    set[i].events = POLLIN;
  }
}

static void set_up_epoll(const struct arguments* a) {
  set_up_many(a);
#ifndef BENCH_PLAIN
  epoll_set = epoll_create1(0);
  for (size_t i = 0; i < total; ++i) {
    struct epoll_event event;
    memset(&event, 0, sizeof event);
    event.events = EPOLLIN;
    event.data.fd = fds[i];
    check(epoll_ctl(epoll_set, EPOLL_CTL_ADD, fds[i], &event) == 0, "epoll_ctl");
  }
#endif
}

// Nothing may be there: wasi-libc's sockets stay readable until a recv found them empty.
static int take(int number) {
  ssize_t n = recv(number, buffer, 64, 0);
  check(n == 1 || (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)), "recv");
  return n == 1;
}

static int wait_by_poll(void) {
  int got = 0, ready = poll(set, (nfds_t)total, -1);
  check(ready > 0, "poll");
  for (size_t i = 0; i < total && ready > 0; ++i) {
    if (set[i].revents == 0) continue;
    --ready;
    got += take(set[i].fd);
  }
  return got;
}

static int wait_by_select(void) {
  fd_set readable;
  int got = 0, highest = 0;
  FD_ZERO(&readable);
  for (size_t i = 0; i < total; ++i) {
    FD_SET(fds[i], &readable);
    if (fds[i] > highest) highest = fds[i];
  }
  check(select(highest + 1, &readable, NULL, NULL, NULL) > 0, "select");
  for (size_t i = 0; i < total; ++i)
    if (FD_ISSET(fds[i], &readable)) got += take(fds[i]);
  return got;
}

static int wait_by_epoll(void) {
#ifndef BENCH_PLAIN
  struct epoll_event events[64];
  int ready = epoll_wait(epoll_set, events, 64, -1);
  check(ready > 0, "epoll_wait");
  int got = 0;
  for (int i = 0; i < ready; ++i) got += take(events[i].data.fd);
  return got;
#else
  check(0, "epoll");
  return 0;
#endif
}

// One active connection: from the command to its byte. Several: all have theirs when the wait begins, and only waiting and
// reading counts.
static double rounds(int (*wait_for_some)(void)) {
  const uint32_t count = (uint32_t)wait_arguments.active;
  // The active ones stay the same, or are others each time, spread over all.
  const uint32_t first = wait_arguments.rotating ? turn++ * 7919 % (uint32_t)total : (uint32_t)total / 2;
  const uint32_t stride = (uint32_t)(total / count);
  struct {
    uint32_t first, stride, count, tell;
  } command = {first, stride, count, count > 1};
  double before = now();
  send_all(commands, &command, sizeof command);
  if (count > 1) {
    receive_all(commands, buffer, 1);
    not_counted += now() - before;
  }
  for (uint32_t got = 0; got < count;) got += (uint32_t)wait_for_some();
  return 1;
}
static double run_poll(void) { return rounds(wait_by_poll); }
static double run_select(void) { return rounds(wait_by_select); }
static double run_epoll(void) { return rounds(wait_by_epoll); }

// Bytes of the guest's memory for each idle connection that is being polled.
static size_t memory_size(void) {
#ifdef __wasm__
  return __builtin_wasm_memory_size(0) * 65536;
#else
  return 0;
#endif
}
static void set_up_memory(const struct arguments* a) {
  size_t before = memory_size();
  set_up_many(a);
  check(poll(set, (nfds_t)total, 0) == 0, "poll");
  figure = (double)(memory_size() - before) / (double)total;
}
