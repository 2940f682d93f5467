// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Waiting over wasi:io: one poll of everything, then a read of each that is ready.
#pragma once

#include "host.h"

static struct stream* streams;
static handle* pollables;
static uint32_t* ready;
static size_t total;
static struct arguments wait_arguments;
static uint32_t turn;

static void set_up_many(const struct arguments* a) {
  wait_arguments = *a;
  total = a->idle + a->active;
  streams = calloc(total, sizeof *streams);
  pollables = calloc(total, sizeof *pollables);
  ready = calloc(total, sizeof *ready);
  control = order(a->port, 'm', total);
  int many = answered_port(&control);
  for (size_t i = 0; i < total; ++i) {
    streams[i] = connect_to(many);
    pollables[i] = subscribe_input(streams[i].input);
  }
}

static uint32_t wait_for_some(void) {
  struct list list;
  uint32_t got = 0;
  lend(ready, total * sizeof *ready);
  host_poll(pollables, total, &list);
  lent = NULL;
  for (size_t i = 0; i < list.length; ++i) got += (uint32_t)read_some(&streams[ready[i]], buffer, 64);
  return got;
}

static double run_poll(void) {
  const uint32_t count = (uint32_t)wait_arguments.active;
  const uint32_t first = wait_arguments.rotating ? turn++ * 7919 % (uint32_t)total : (uint32_t)total / 2;
  struct {
    uint32_t first, stride, count, tell;
  } command = {first, (uint32_t)(total / count), count, count > 1};
  double before = now();
  write_all(&control, &command, sizeof command);
  if (count > 1) {
    read_all(&control, buffer, 1);
    not_counted += now() - before;
  }
  for (uint32_t got = 0; got < count;) got += wait_for_some();
  return 1;
}
