// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// res_send, res_nsend: a query of the program's to the servers of a state, over the guest's own sockets.
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "names/dns_channel.h"
#include "names/dns_exchange.h"
#include "names/res_state.h"

namespace posix_sockets {
namespace {

struct Exchange {
  const uint8_t* query;
  size_t query_size;
  uint8_t* answer;
  size_t room;
  size_t size = 0;  // of the answer, also what didn't fit
  int error = ETIMEDOUT;
};

uint8_t lower(uint8_t c) { return c >= 'A' && c <= 'Z' ? static_cast<uint8_t>(c + 32) : c; }

// Whether this is the answer to the query: its number, and its question.
bool answers(const Exchange& exchange, size_t size) {
  const uint8_t* query = exchange.query;
  const uint8_t* answer = exchange.answer;
  if (size < NS_HFIXEDSZ || answer[0] != query[0] || answer[1] != query[1] || (answer[2] & 0x80) == 0) return false;
  if (answer[4] == 0 && answer[5] == 0) return (answer[3] & 15) != ns_r_noerror;  // a server that couldn't read it
  const int question = ns_skiprr(query + NS_HFIXEDSZ, query + exchange.query_size, ns_s_qd, 1);
  if (question < 0) return true;  // one of the program's own making
  const size_t end = NS_HFIXEDSZ + static_cast<size_t>(question);
  // Of a question that the program has no room for nothing is known.
  if (size < end) return size == exchange.room;
  // Lengths of labels are below 64, where there are no letters; type and class come last.
  for (size_t i = NS_HFIXEDSZ; i < end; ++i) {
    const bool text = i < end - NS_QFIXEDSZ;
    if (text ? lower(query[i]) != lower(answer[i]) : query[i] != answer[i]) return false;
  }
  return true;
}

bool note_failure(const dns::Channel& channel, Exchange& exchange) {
  if (channel.own_error() != 0) {
    exchange.error = channel.own_error();
  } else if (!channel.usable()) {
    exchange.error = errno == ECONNREFUSED ? ECONNREFUSED : ETIMEDOUT;
  }
  return false;
}

bool ask_by_datagram(const SocketAddress& server, Deadline deadline, Exchange& exchange) {
  dns::Channel channel(server, dns::Transport::datagram, deadline);
  if (!channel.usable() || !channel.send_all(exchange.query, exchange.query_size))
    return note_failure(channel, exchange);
  do {
    exchange.size = channel.receive(exchange.answer, exchange.room);
    if (!channel.usable()) return note_failure(channel, exchange);
    if (answers(exchange, exchange.size)) return true;
  } while (channel.in_time());
  return false;
}

bool ask_by_stream(const SocketAddress& server, Deadline deadline, Exchange& exchange) {
  dns::Channel channel(server, dns::Transport::stream, deadline);
  uint8_t length[2] = {static_cast<uint8_t>(exchange.query_size >> 8), static_cast<uint8_t>(exchange.query_size)};
  if (!channel.usable() || !channel.send_all(length, sizeof length) ||
      !channel.send_all(exchange.query, exchange.query_size) || !channel.receive_all(length, sizeof length))
    return note_failure(channel, exchange);
  const size_t size = ns_get16(length);
  const size_t taken = size < exchange.room ? size : exchange.room;
  if (!channel.receive_all(exchange.answer, taken) || !answers(exchange, taken)) return note_failure(channel, exchange);
  exchange.size = size;
  if (taken < size) exchange.answer[2] |= 2;  // TC: it's cut
  return true;
}

bool server_address(const struct __res_state& state, int index, SocketAddress& address) {
  const void* place = &state.nsaddr_list[index];
  socklen_t length = sizeof state.nsaddr_list[index];
  Family family = Family::ipv4;
  if (state.nsaddr_list[index].sin_family != AF_INET) {
    place = state._u._ext.nsaddrs[index];
    length = sizeof(sockaddr_in6);
    family = Family::ipv6;
  }
  if (place == nullptr) return false;
  const Result<SocketAddress> parsed = from_sockaddr(static_cast<const sockaddr*>(place), length, family);
  if (parsed.ok()) address = parsed.value();
  return parsed.ok();
}

// True: there is an answer to be had.
bool ask(const struct __res_state& state, const SocketAddress& server, int seconds, Exchange& exchange) {
  const bool over_tcp = (state.options & RES_USEVC) != 0 || exchange.query_size > NS_PACKETSZ;
  if (!over_tcp) {
    if (!ask_by_datagram(server, dns::in_seconds(seconds), exchange)) return false;
    if ((exchange.answer[2] & 2) == 0 || (state.options & RES_IGNTC) != 0) return true;
  }
  return ask_by_stream(server, dns::in_seconds(seconds), exchange);
}

int seconds_of_round(const struct __res_state& state, int round) {
  const int seconds = round == 0 ? state.retrans : (state.retrans << round) / state.nscount;
  return seconds > 1 ? seconds : 1;
}

// Whether the answer counts: one that the server can't or won't help with is as good as none.
bool is_helpful(const struct __res_state& state, unsigned char* answer) {
  const int code = answer[3] & 15;
  if ((state.options & RES_TRUSTAD) == 0) answer[3] &= 0xdf;  // AD: nobody to trust
  return code != ns_r_servfail && code != ns_r_notimpl && code != ns_r_refused;
}

// Asks the servers in turn, beginning with the one at `first`. True: one has answered; `exchange` has what, or the last error.
bool ask_in_turn(const struct __res_state& state, int first, int round, Exchange& exchange, unsigned char* answer) {
  const int count = state.nscount < MAXNS ? state.nscount : MAXNS;
  for (int i = 0; i < count; ++i) {
    SocketAddress server;
    if (!server_address(state, (first + i) % count, server)) continue;
    if (ask(state, server, seconds_of_round(state, round), exchange)) {
      if (is_helpful(state, answer)) return true;
      exchange.error = ETIMEDOUT;
    } else if (exchange.error != ETIMEDOUT && exchange.error != ECONNREFUSED) {
      break;
    }
  }
  return false;
}

}  // namespace
}  // namespace posix_sockets

using namespace posix_sockets;

extern "C" {

// Sends a query of `query_size` bytes to the servers of the state, in turns and in several rounds, and gives the answer, as
// far as it fits into `room` bytes, and its whole size; over UDP, or over TCP where the state says so or the answer was cut.
// An answer that the server can't or won't help counts for none; the last of them stays in `answer`. -1 and errno:
//   EINVAL              no whole query, or no room for a header
//   ESRCH               the state has no server
//   ETIMEDOUT           no server answered, or none could
//   ECONNREFUSED        the last one refused
//   EACCES, EMFILE ...  the guest can't ask: see socket(2)
// Source: resolver(3), RFC 1035 section 4.2.
__attribute__((weak)) int res_nsend(res_state state, const unsigned char* query, int query_size, unsigned char* answer,
                                    int room) {
  if (!ready(state)) return -1;
  if (query_size < NS_HFIXEDSZ || query_size > NS_MAXMSG || room < NS_HFIXEDSZ) {
    errno = EINVAL;
    return -1;
  }
  if (state->nscount <= 0) {
    errno = ESRCH;
    return -1;
  }
  Exchange exchange = {query, static_cast<size_t>(query_size), answer, static_cast<size_t>(room)};
  const int count = state->nscount < MAXNS ? state->nscount : MAXNS;
  const int first = (state->options & RES_ROTATE) != 0 ? dns::next_server(count) : 0;
  for (int round = 0; round < state->retry; ++round)
    if (ask_in_turn(*state, first, round, exchange, answer)) return static_cast<int>(exchange.size);
  errno = exchange.error;
  return -1;
}

// The same with _res.
__attribute__((weak)) int res_send(const unsigned char* query, int query_size, unsigned char* answer, int room) {
  return res_nsend(&_res, query, query_size, answer, room);
}

}  // extern "C"
