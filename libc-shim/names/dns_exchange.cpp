// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "names/dns_exchange.h"

#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "names/dns_channel.h"
#include "names/dns_message.h"

namespace posix_sockets::dns {
namespace {

// Larger than any reply over UDP to a query without extensions, which is 512 bytes.
constexpr size_t datagram_size = 1232;

// What came of asking one server once.
struct Outcome {
  Reply reply = Reply::failure;
  int own_error = 0;
};

Outcome ask_by_datagram(const SocketAddress& server, const Query& query, int64_t deadline, Host& host) {
  Channel channel(server, SOCK_DGRAM, deadline);
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
Outcome ask_by_stream(const SocketAddress& server, const Query& query, int64_t deadline, Host& host) {
  Channel channel(server, SOCK_STREAM, deadline);
  uint8_t framed[2 + sizeof query.bytes] = {0, static_cast<uint8_t>(query.size)};
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

Outcome ask(const ResolverSettings& settings, const SocketAddress& server, const SocketAddress& address, int seconds,
            Host& host) {
  // Somebody who guesses the port of the socket has to guess this, too.
  uint16_t id = 0;
  if (getentropy(&id, sizeof id) != 0) id = static_cast<uint16_t>(now_ms());
  const Query query = make_reverse_query(address, id);
  const int64_t wait = static_cast<int64_t>(seconds) * 1000;
  Outcome result = {Reply::truncated, 0};
  if (!settings.use_tcp) result = ask_by_datagram(server, query, now_ms() + wait, host);
  if (result.reply == Reply::truncated) result = ask_by_stream(server, query, now_ms() + wait, host);
  return result;
}

// As res_send(3) has it: the wait grows with each round, and later rounds share it among the servers.
int seconds_of_round(const ResolverSettings& settings, int round) {
  if (round == 0) return settings.timeout;
  const int seconds = (settings.timeout << round) / settings.server_count;
  return seconds > 1 ? seconds : 1;
}

}  // namespace

int ask_for_name(const ResolverSettings& settings, const SocketAddress& address, Host& host) {
  for (int round = 0; round < settings.attempts; ++round) {
    for (int i = 0; i < settings.server_count; ++i) {
      const Outcome result = ask(settings, settings.servers[i], address, seconds_of_round(settings, round), host);
      if (result.own_error != 0) {
        errno = result.own_error;
        return result.own_error == ENOMEM ? EAI_MEMORY : EAI_SYSTEM;
      }
      switch (result.reply) {
        case Reply::name:
          return 0;
        case Reply::no_such_name:
        case Reply::no_names:
          return EAI_NONAME;
        case Reply::out_of_memory:
          return EAI_MEMORY;
        default:
          break;  // the next server
      }
    }
  }
  return EAI_AGAIN;
}

}  // namespace posix_sockets::dns
