// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The works of the benchmark over the socket interface: the same source natively, with the library, and (BENCH_PLAIN) with
// wasi-libc's own sockets.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "tcp.h"
#include "udp.h"
#include "wait.h"

static const struct work works[] = {
    {"recv", order_sender, run_recv},
    {"send", order_reader, run_send},
    {"send_more", order_reader, run_send_more},
    {"send_cork", set_up_cork, run_send},
    {"send_nodelay", set_up_no_delay_sends, run_send},
    {"writev", order_reader, run_writev},
    {"rtt", order_echo, run_rtt},
    {"wwr", order_echo, run_write_write_read},
    {"wwr_nodelay", set_up_no_delay, run_write_write_read},
    {"connect", set_up_connect, run_connect},
    {"accept", set_up_accept, run_accept},
    {"lines_in", set_up_lines_in, run_lines_in},
    {"lines_out", set_up_lines_out, run_lines_out},
    {"udp_send", set_up_udp_sink, run_udp_send},
    {"sendmmsg", set_up_udp_sink, run_sendmmsg},
    {"udp_recv", set_up_udp_source, run_udp_recv},
    {"recvmmsg", set_up_udp_source, run_recvmmsg},
    {"udp_rtt", set_up_udp_echo, run_udp_rtt},
    {"poll", set_up_many, run_poll},
    {"select", set_up_many, run_select},
#ifndef BENCH_PLAIN
    {"epoll", set_up_epoll, run_epoll},
#endif
    {"memory", set_up_memory, NULL},
};

int main(int argc, char** argv) { return run_bench(argc, argv, works, sizeof works / sizeof works[0]); }
