// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The works of the benchmark as loops written by hand over wasi:sockets: what a program can get from the host at best.
#include "host.h"

static struct stream stream, control;
static size_t size;
static unsigned port;

static void order_sender(const struct arguments* a) {
  size = a->size;
  stream = order(a->port, 's', 0);
}
static void order_reader(const struct arguments* a) {
  size = a->size;
  stream = order(a->port, 'r', 0);
}
static void order_echo(const struct arguments* a) {
  size = a->size;
  stream = order(a->port, 'e', size);
}

// Up to 16K from a buffer of 64K that is read ahead, larger pieces straight to their place.
static char ahead[65536], out[65536];
static size_t begin, end;
static double run_recv(void) {
  double count = 0;
  if (size >= 65536) return (double)read_waiting(&stream, buffer, 65536);
  for (int i = 0; i < 64; ++i) {
    if (begin == end) {
      begin = 0;
      end = read_waiting(&stream, ahead, sizeof ahead);
    }
    size_t n = end - begin < size ? end - begin : size;
    memcpy(buffer, ahead + begin, n);
    begin += n;
    count += (double)n;
  }
  return count;
}

static double run_send(void) {
  double count = 0;
  for (int i = 0; i < 64 && count < 1e6; ++i) count += (double)write_some(&stream, buffer, size);
  return count;
}

// Gathered to 16K.
static size_t gathered;
static double run_send_more(void) {
  double count = 0;
  for (int i = 0; i < 256; ++i) {
    if (gathered + size > 16384) {
      write_all(&stream, out, gathered);
      gathered = 0;
    }
    memcpy(out + gathered, buffer, size);
    gathered += size;
    count += (double)size;
  }
  return count;
}

static double run_writev(void) {
  double count = 0;
  size_t edge = size / 8;
  for (int i = 0; i < 32 && count < 1e6; ++i) {
    memcpy(out, buffer, edge);
    memcpy(out + edge, buffer + edge, size - 2 * edge);
    memcpy(out + size - edge, buffer + size - edge, edge);
    write_all(&stream, out, size);
    count += (double)size;
  }
  return count;
}

static double run_rtt(void) {
  write_all(&stream, buffer, size);
  read_all(&stream, buffer, size);
  return 1;
}

static void set_up_connect(const struct arguments* a) {
  control = order(a->port, 'c', 0);
  port = (unsigned)answered_port(&control);
}
static double run_connect(void) {
  for (int i = 0; i < 4; ++i) {
    struct stream connected = connect_to((int)port);
    drop_stream(&connected);
  }
  return 4;
}

static handle listener, waiting;
static void set_up_accept(const struct arguments* a) {
  struct handle_result created;
  struct address_result address;
  uint8_t result[2];
  create_tcp(0, &created);
  listener = created.value;
  start_bind(listener, network(), LOOPBACK(0), result);
  finish_bind(listener, result);
  start_listen(listener, result);
  finish_listen(listener, result);
  check(!result[0], "listen");
  local_address(listener, &address);
  waiting = subscribe_tcp(listener);
  control = order(a->port, 'a', *(const uint16_t*)((const char*)&address.value + 4));
}
static double run_accept(void) {
  for (int i = 0; i < 4; ++i) {
    struct accept_result accepted;
    for (;;) {
      host_accept(listener, &accepted);
      if (!accepted.failed) break;
      check(accepted.error == 8, "accept");
      wait_for(waiting);
    }
    drop_input(accepted.input);
    drop_output(accepted.output);
    drop_tcp(accepted.socket);
  }
  return 4;
}

#include "udp.h"
#include "wait.h"

static const struct work works[] = {
    {"recv", order_sender, run_recv},
    {"send", order_reader, run_send},
    {"send_more", order_reader, run_send_more},
    {"send_cork", order_reader, run_send_more},
    {"send_nodelay", order_reader, run_send_more},
    {"writev", order_reader, run_writev},
    {"rtt", order_echo, run_rtt},
    {"wwr_nodelay", order_echo, run_rtt},  // as one write
    {"connect", set_up_connect, run_connect},
    {"accept", set_up_accept, run_accept},
    {"udp_send", set_up_udp_sink, run_udp_send},
    {"sendmmsg", set_up_udp_sink, run_sendmmsg},
    {"udp_recv", set_up_udp_source, run_udp_recv},
    {"recvmmsg", set_up_udp_source, run_udp_recv},
    {"udp_rtt", set_up_udp_echo, run_udp_rtt},
    {"poll", set_up_many, run_poll},
    {"select", set_up_many, run_poll},
    {"epoll", set_up_many, run_poll},
};

int main(int argc, char** argv) { return run_bench(argc, argv, works, sizeof works / sizeof works[0]); }
