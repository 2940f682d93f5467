// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// UDP over wasi:sockets: one datagram a call to send, or sixteen; up to four a call to receive, as more cost more.
#pragma once

#include "host.h"

static struct stream udp;
static struct outgoing datagrams[16];
static char room[4 * 66000];

static void set_up_udp(const struct arguments* a, size_t what) {
  struct handle_result created;
  struct pair_result streams;
  struct address_result address;
  uint8_t result[2];
  size = a->size;
  control = order(a->port, 'u', what);
  int peer = answered_port(&control);
  create_udp(0, &created);
  udp.socket = created.value;
  start_bind_udp(udp.socket, network(), LOOPBACK(0), result);
  finish_bind_udp(udp.socket, result);
  stream_udp(udp.socket, what <= 1, LOOPBACK(peer), &streams);
  check(!streams.failed, "stream");
  udp.input = streams.input;
  udp.output = streams.output;
  udp.readable = subscribe_incoming(udp.input);
  udp.writable = subscribe_outgoing(udp.output);
  for (int i = 0; i < 16; ++i) datagrams[i].data = (struct list){buffer, size};
  if (what <= 1) return;
  local_address_udp(udp.socket, &address);
  uint32_t own = *(const uint16_t*)((const char*)&address.value + 4);
  write_all(&control, &own, sizeof own);
}
static void set_up_udp_sink(const struct arguments* a) { set_up_udp(a, 0); }
static void set_up_udp_echo(const struct arguments* a) { set_up_udp(a, 1); }
static void set_up_udp_source(const struct arguments* a) { set_up_udp(a, a->size); }

static size_t send_some(size_t count) {
  struct permit_result permit;
  for (;;) {
    check_send(udp.output, &permit);
    check(!permit.failed, "check-send");
    if (permit.value != 0) break;
    wait_for(udp.writable);
  }
  if (count > permit.value) count = (size_t)permit.value;
  send_datagrams(udp.output, datagrams, count, &permit);
  check(!permit.failed, "send");
  return (size_t)permit.value;
}
static double run_udp_send(void) {
  double count = 0;
  for (int i = 0; i < 64; ++i) count += (double)send_some(1);
  return count;
}
static double run_sendmmsg(void) { return (double)send_some(16); }

static size_t receive_some(size_t most) {
  struct read_result result;
  for (;;) {
    lend(room, sizeof room);
    receive_datagrams(udp.input, most, &result);
    lent = NULL;
    check(!result.failed, "receive");
    if (result.value.length != 0) break;
    wait_for(udp.readable);
  }
  const struct incoming* incoming = result.value.data;
  for (size_t i = 0; i < result.value.length; ++i) memcpy(buffer, incoming[i].data.data, incoming[i].data.length);
  return result.value.length;
}
static double run_udp_recv(void) {
  double count = 0, before = now(), begun, finished;
  write_all(&control, "g", 1);
  for (size_t i = 0; i < 64;) i += receive_some(4);
  begun = now();
  not_counted += begun - before;
  while (count < 4096) count += (double)receive_some(4);
  finished = now();
  write_all(&control, "s", 1);
  not_counted += now() - finished;
  return count;
}
static double run_udp_rtt(void) {
  send_some(1);
  return (double)receive_some(1);
}
