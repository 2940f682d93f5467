// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Options, of sockets in every state.
#include "trial.h"

using namespace faults;

namespace {

struct Name {
  int level;
  int name;
  int value;
};
constexpr Name tcp_names[] = {
    {SOL_SOCKET, SO_KEEPALIVE, 1},  {IPPROTO_TCP, TCP_KEEPIDLE, 30}, {IPPROTO_TCP, TCP_KEEPINTVL, 10},
    {IPPROTO_TCP, TCP_KEEPCNT, 3},  {IPPROTO_IP, IP_TTL, 40},        {SOL_SOCKET, SO_RCVBUF, 20000},
    {SOL_SOCKET, SO_SNDBUF, 20000}, {IPPROTO_TCP, TCP_NODELAY, 1},   {SOL_SOCKET, SO_RCVLOWAT, 2},
};
constexpr Name udp_names[] = {{IPPROTO_IP, IP_TTL, 40},
                              {SOL_SOCKET, SO_RCVBUF, 20000},
                              {SOL_SOCKET, SO_SNDBUF, 20000},
                              {SOL_SOCKET, SO_BROADCAST, 1}};

template <size_t count>
void set_and_get(int number, const Name (&names)[count]) {
  for (const Name& each : names) {
    (void)get_option(number, each.level, each.name);
    (void)set_option(number, each.level, each.name, each.value);
    (void)get_option(number, each.level, each.name);
  }
  (void)get_option(number, SOL_SOCKET, SO_ERROR);
}

}  // namespace

SCENARIO("options: of a new socket, which it has when it's connected") {
  const Fd socket = tcp();
  if (!socket.is_open()) return;
  set_and_get(socket, tcp_names);
  (void)world().will_connect();
  const sockaddr_in remote = address(80);
  if (CALL(connect, socket, any(remote), sizeof remote) != 0) return;
  CHECK_PLAIN(get_option(socket, IPPROTO_IP, IP_TTL) == 40);
}

SCENARIO("options: while it connects") {
  const Fd socket = tcp(SOCK_NONBLOCK);
  if (!socket.is_open()) return;
  (void)world().will_connect(50 * ms);
  const sockaddr_in remote = address(80);
  if (CALL(connect, socket, any(remote), sizeof remote) != -1 || errno != EINPROGRESS) return;
  set_and_get(socket, tcp_names);
  (void)polls(socket, POLLOUT);
  (void)get_option(socket, SOL_SOCKET, SO_KEEPALIVE);
}

SCENARIO("options: of a connection") {
  const Stream stream = connected();
  if (!stream.socket.is_open()) return;
  set_and_get(stream.socket, tcp_names);
  tcp_info information = {};
  socklen_t length = sizeof information;
  (void)CALL(getsockopt, stream.socket, IPPROTO_TCP, TCP_INFO, &information, &length);
}

SCENARIO("options: of a connection that is over") {
  const Stream stream = connected();
  if (!stream.socket.is_open()) return;
  stream.peer->resets();
  (void)polls(stream.socket, POLLIN);
  set_and_get(stream.socket, tcp_names);
}

SCENARIO("options: after a connect that was refused") {
  const Fd socket = tcp();
  if (!socket.is_open()) return;
  world().will_fail(ECONNREFUSED);
  const sockaddr_in remote = address(80);
  if (CALL(connect, socket, any(remote), sizeof remote) == 0) return;
  set_and_get(socket, tcp_names);
}

SCENARIO("options: of a listener, which its connections have") {
  const Fd listening = listener(7000);
  if (!listening.is_open()) return;
  set_and_get(listening, tcp_names);
  (void)world().connects_to(7000);
  const Fd accepted(CALL(accept, listening, nullptr, nullptr));
  if (accepted.is_open()) set_and_get(accepted, tcp_names);
}

SCENARIO("options: of both families") {
  const Fd listening = tcp(0, AF_INET6);
  if (!listening.is_open()) return;
  const sockaddr_in6 local = address6(7000, "::");
  (void)set_option(listening, SOL_SOCKET, SO_KEEPALIVE, 1);
  if (CALL(bind, listening, any(local), sizeof local) != 0) return;
  (void)set_option(listening, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 9);
  (void)set_option(listening, SOL_SOCKET, SO_RCVBUF, 30000);
  (void)CALL(listen, listening, 3);
  (void)get_option(listening, IPPROTO_IPV6, IPV6_UNICAST_HOPS);
}

SCENARIO("options: of a datagram socket") {
  const Fd socket = udp();
  if (!socket.is_open()) return;
  set_and_get(socket, udp_names);
  const sockaddr_in local = address(6000);
  if (CALL(bind, socket, any(local), sizeof local) == 0) set_and_get(socket, udp_names);
}

SCENARIO("options: of a datagram socket of both families") {
  const Fd socket = udp(0, AF_INET6);
  if (!socket.is_open()) return;
  const sockaddr_in6 local = address6(6000, "::");
  if (CALL(bind, socket, any(local), sizeof local) != 0) return;
  (void)set_option(socket, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 9);
  (void)set_option(socket, SOL_SOCKET, SO_SNDBUF, 30000);
  (void)get_option(socket, IPPROTO_IPV6, IPV6_UNICAST_HOPS);
}
