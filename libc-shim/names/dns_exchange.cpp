// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "names/dns_exchange.h"

#include <errno.h>
#include <netdb.h>
#include <resolv.h>
#include <stdlib.h>
#include <unistd.h>

#include <initializer_list>

#include "names/dns_channel.h"
#include "names/dns_message.h"

namespace posix_sockets::dns {
namespace {

// A reply over UDP has 512 bytes at most, or what the query allows.
constexpr size_t datagram_size = 1232;
constexpr uint16_t allowed_size = 1200;

// What came of asking one server once.
struct Outcome {
  Reply reply = Reply::failure;
  int own_error = 0;
};

Outcome ask_by_datagram(const SocketAddress& server, const Query& query, Deadline deadline, Host& host) {
  Channel channel(server, Transport::datagram, deadline);
  if (channel.usable() && channel.send_all(query.bytes, query.size)) {
    do {
      uint8_t message[datagram_size];
      const size_t size = channel.receive(message, sizeof message);
      if (!channel.usable()) break;
      const Reply reply = read_reply(message, size, query, true, host);
      if (reply != Reply::unrelated) return {reply, 0};
    } while (channel.in_time());
  }
  return {Reply::failure, channel.own_error()};
}

// Over TCP a message follows its length in two bytes (RFC 7766).
Outcome ask_by_stream(const SocketAddress& server, const Query& query, Deadline deadline, Host& host) {
  Channel channel(server, Transport::stream, deadline);
  uint8_t framed[2 + sizeof query.bytes] = {static_cast<uint8_t>(query.size >> 8), static_cast<uint8_t>(query.size)};
  for (size_t i = 0; i < query.size; ++i) framed[2 + i] = query.bytes[i];
  uint8_t length[2];
  if (!channel.usable() || !channel.send_all(framed, 2 + query.size) || !channel.receive_all(length, sizeof length))
    return {Reply::failure, channel.own_error()};
  const auto size = static_cast<size_t>(length[0] << 8 | length[1]);
  auto* message = static_cast<uint8_t*>(malloc(size != 0 ? size : 1));
  if (message == nullptr) return {Reply::out_of_memory, 0};
  Reply reply = Reply::failure;
  if (channel.receive_all(message, size)) reply = read_reply(message, size, query, false, host);
  free(message);
  return {reply == Reply::unrelated ? Reply::failure : reply, 0};
}

// Somebody who guesses the port of the socket has to guess this, too.
uint16_t random_id() {
  uint16_t id = 0;
  (void)getentropy(&id, sizeof id);
  return id;
}

Outcome ask(const ResolverSettings& settings, const SocketAddress& server, const Query& query, int seconds,
            Host& host) {
  Outcome result = {Reply::truncated, 0};
  if (!settings.has(RES_USEVC)) result = ask_by_datagram(server, query, in_seconds(seconds), host);
  if (result.reply == Reply::truncated) result = ask_by_stream(server, query, in_seconds(seconds), host);
  return result;
}

// As res_send(3) has it: the wait grows with each round, and later rounds share it among the servers.
int seconds_of_round(const ResolverSettings& settings, int round) {
  const int seconds = round == 0 ? settings.timeout : (settings.timeout << round) / settings.server_count;
  return seconds > 1 ? seconds : 1;
}

// The answer of the first server that has one. Otherwise the last server's failure.
Outcome ask_all(const ResolverSettings& settings, Query& query, Host& host) {
  if (settings.has(RES_USE_EDNS0)) allow_size(query, allowed_size);
  const int first = settings.has(RES_ROTATE) ? next_server(settings.server_count) : 0;
  Outcome result;
  for (int round = 0; round < settings.attempts; ++round) {
    for (int i = 0; i < settings.server_count; ++i) {
      const SocketAddress& server = settings.servers[(first + i) % settings.server_count];
      result = ask(settings, server, query, seconds_of_round(settings, round), host);
      const bool failed = result.reply == Reply::failure || result.reply == Reply::server_failure ||
                          result.reply == Reply::truncated || result.reply == Reply::unrelated;
      if (result.own_error != 0 || !failed) return result;
    }
  }
  return result;
}

int error_of(const Outcome& outcome) {
  if (outcome.own_error != 0) {
    errno = outcome.own_error;
    return outcome.own_error == ENOMEM ? EAI_MEMORY : EAI_SYSTEM;
  }
  switch (outcome.reply) {
    case Reply::found:
      return 0;
    case Reply::no_records:
      return EAI_NODATA;
    case Reply::no_such_name:
    case Reply::no_use:
      return EAI_NONAME;
    case Reply::out_of_memory:
      return EAI_MEMORY;
    default:
      return EAI_AGAIN;
  }
}

}  // namespace

int next_server(int count) {
  static unsigned turn;
  if (turn == 0) turn = random_id();
  return static_cast<int>(turn++ % static_cast<unsigned>(count));
}

int ask_for_name(const ResolverSettings& settings, const SocketAddress& address, Host& host) {
  Query query = make_reverse_query(address, random_id());
  const Outcome outcome = ask_all(settings, query, host);
  host.no_recovery = outcome.reply == Reply::no_use;
  const int error = error_of(outcome);
  return error == EAI_NODATA ? EAI_NONAME : error;
}

int ask_for_addresses(const ResolverSettings& settings, const char* name, size_t length, Families families, Host& host,
                      bool& stop) {
  int error = EAI_NODATA;
  for (Family family : {Family::ipv4, Family::ipv6}) {
    if (!includes(families, family)) continue;
    Query query = make_query(name, length, family, random_id());
    const Outcome outcome = ask_all(settings, query, host);
    const int its_error = error_of(outcome);
    host.no_recovery = outcome.reply == Reply::no_use;
    stop = host.no_recovery || (its_error == EAI_AGAIN && outcome.reply != Reply::server_failure);
    // What there is of one family counts, and that there is such a name counts more than a failure.
    if (error == EAI_NODATA || its_error == EAI_NODATA) error = its_error;
    if (its_error == EAI_NONAME || its_error == EAI_MEMORY || its_error == EAI_SYSTEM) break;
  }
  return host.addresses.empty() ? error : 0;
}

}  // namespace posix_sockets::dns
