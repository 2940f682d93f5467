// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Datagrams, between the program's sockets and from outside.
#include <cstring>

#include "trial.h"

using namespace faults;

namespace {

Fd bound(uint16_t port, int flags = 0) {
  Fd socket = udp(flags);
  if (!socket.is_open()) return socket;
  const sockaddr_in local = address(port);
  if (CALL(bind, socket, any(local), sizeof local) != 0) socket.close();
  return socket;
}

long send_to(int number, const char* text, uint16_t port) {
  const sockaddr_in remote = address(port);
  return CALL(sendto, number, text, std::strlen(text), 0, any(remote), sizeof remote);
}

// What came, if anything; a datagram comes whole or not at all.
std::string receive_one(int number, int flags = 0) {
  char room[100];
  sockaddr_in source = {};
  socklen_t length = sizeof source;
  const long got = CALL(recvfrom, number, room, sizeof room, flags, reinterpret_cast<sockaddr*>(&source), &length);
  return got < 0 ? "" : std::string(room, static_cast<size_t>(got));
}

void receive_in(Mode mode) {
  const Fd socket = bound(6000, mode == Mode::polling ? SOCK_NONBLOCK : 0);
  if (!socket.is_open()) return;
  if (mode != Mode::polling) set_times(socket, 100);
  world().after(5 * ms, [] { world().arrives(6000, "hello"); });
  if (mode == Mode::polling && !polls(socket, POLLIN)) return;
  const std::string got = receive_one(socket);
  CHECK_PLAIN(got == "hello");
  CHECK_ALWAYS(got.empty() || got == "hello");
}

Fd connected_to(uint16_t port) {
  Fd socket = udp();
  if (!socket.is_open()) return socket;
  set_times(socket, 20);
  const sockaddr_in remote = address(port);
  if (CALL(connect, socket, any(remote), sizeof remote) != 0) socket.close();
  return socket;
}

}  // namespace

SCENARIO("datagrams: received, timed") { receive_in(Mode::timed); }
SCENARIO("datagrams: received with poll") { receive_in(Mode::polling); }

SCENARIO("datagrams: timed, and nothing comes") {
  const Fd socket = bound(6000);
  if (!socket.is_open()) return;
  set_times(socket, 20);
  (void)receive_one(socket);
}

SCENARIO("datagrams: sent to whom the call names") {
  const Fd socket = udp();
  if (!socket.is_open()) return;
  CHECK_PLAIN(send_to(socket, "one", 9) == 3);
  CHECK_PLAIN(send_to(socket, "two", 10) == 3);
  CHECK_PLAIN(world().sent.size() == 2);
  sockaddr_in local = {};
  socklen_t length = sizeof local;
  (void)CALL(getsockname, socket, reinterpret_cast<sockaddr*>(&local), &length);
}

SCENARIO("datagrams: to and from a peer") {
  const Fd socket = connected_to(9);
  if (!socket.is_open()) return;
  CHECK_PLAIN(CALL(send, socket, "ping", 4, 0) == 4);
  CHECK_PLAIN(CALL(write, socket, "ping", 4) == 4);
  char room[10];
  (void)CALL(recv, socket, room, sizeof room, MSG_DONTWAIT);
  (void)CALL(recv, socket, room, sizeof room, 0);
  (void)get_option(socket, SOL_SOCKET, SO_ERROR);
  sockaddr_in remote = {};
  socklen_t length = sizeof remote;
  (void)CALL(getpeername, socket, reinterpret_cast<sockaddr*>(&remote), &length);
}

SCENARIO("datagrams: between two sockets of the program") {
  const Fd one = bound(6000);
  const Fd other = bound(6001);
  if (!one.is_open() || !other.is_open()) return;
  set_times(one, 20);
  set_times(other, 20);
  if (send_to(one, "ping", 6001) == 4) {
    const std::string got = receive_one(other);
    CHECK_PLAIN(got == "ping");
    CHECK_ALWAYS(got.empty() || got == "ping");
  }
  (void)send_to(other, "pong", 6000);
  (void)polls(one, POLLIN);
  (void)receive_one(one);
}

SCENARIO("datagrams: looked at first") {
  const Fd socket = bound(6000);
  if (!socket.is_open()) return;
  set_times(socket, 20);
  world().arrives(6000, "first");
  world().arrives(6000, "second");
  int there = 0;
  (void)CALL(ioctl, socket, FIONREAD, &there);
  (void)receive_one(socket, MSG_PEEK);
  (void)receive_one(socket, MSG_PEEK | MSG_TRUNC);
  const std::string first = receive_one(socket);
  const std::string second = receive_one(socket);
  CHECK_PLAIN(first == "first" && second == "second");
}

SCENARIO("datagrams: many a call") {
  const Fd socket = bound(6000);
  if (!socket.is_open()) return;
  set_times(socket, 20);
  sockaddr_in remote = address(6000);
  char data[] = "datagram";
  iovec piece = {data, 8};
  mmsghdr messages[4] = {};
  for (mmsghdr& each : messages) {
    each.msg_hdr.msg_name = &remote;
    each.msg_hdr.msg_namelen = sizeof remote;
    each.msg_hdr.msg_iov = &piece;
    each.msg_hdr.msg_iovlen = 1;
  }
  const long sent = CALL(sendmmsg, socket, messages, 4, 0);
  CHECK_PLAIN(sent == 4);
  timespec time = {0, 20000000};
  const long got = CALL(recvmmsg, socket, messages, 4, 0, &time);
  CHECK_ALWAYS(got <= sent || sent < 0);
}

SCENARIO("datagrams: one made of several calls") {
  const Fd socket = connected_to(9);
  if (!socket.is_open()) return;
  (void)CALL(send, socket, "one, ", 5, MSG_MORE);
  (void)CALL(send, socket, "two", 3, 0);
  (void)CALL(send, socket, "three", 5, MSG_MORE);
}

SCENARIO("datagrams: of several pieces") {
  const Fd socket = connected_to(9);
  if (!socket.is_open()) return;
  char a[] = "one ", b[] = "two";
  const iovec two[] = {{a, 4}, {b, 3}};
  CHECK_PLAIN(CALL(writev, socket, two, 2) == 7);
}

SCENARIO("datagrams: connected again, and to nobody") {
  const Fd socket = connected_to(9);
  if (!socket.is_open()) return;
  const sockaddr_in other = address(10);
  (void)CALL(connect, socket, any(other), sizeof other);
  (void)CALL(send, socket, "x", 1, 0);
  const sockaddr nobody = {AF_UNSPEC, {}};
  (void)CALL(connect, socket, &nobody, sizeof nobody);
  (void)send_to(socket, "y", 9);
  (void)CALL(connect, socket, any(other), sizeof other);
}

SCENARIO("datagrams: to others than the peer") {
  const Fd socket = bound(6000);
  if (!socket.is_open()) return;
  const sockaddr_in peer = address(9);
  if (CALL(connect, socket, any(peer), sizeof peer) != 0) return;
  (void)send_to(socket, "elsewhere", 11);
  (void)CALL(send, socket, "peer", 4, 0);
}

SCENARIO("datagrams: of both families") {
  const Fd socket = udp(0, AF_INET6);
  if (!socket.is_open()) return;
  set_times(socket, 20);
  const sockaddr_in6 local = address6(6000, "::");
  if (CALL(bind, socket, any(local), sizeof local) != 0) return;
  world().arrives(6000, "from IPv4");
  char room[20];
  (void)CALL(recv, socket, room, sizeof room, 0);
  for (const char* text : {"::1", "::ffff:127.0.0.1"}) {
    const sockaddr_in6 remote = address6(9, text);
    (void)CALL(sendto, socket, "x", 1, 0, any(remote), sizeof remote);
  }
  const sockaddr_in6 remote = address6(9, "::ffff:127.0.0.1");
  (void)CALL(connect, socket, any(remote), sizeof remote);
  (void)CALL(send, socket, "x", 1, 0);
}

SCENARIO("datagrams: bound twice, and shut down") {
  const Fd socket = bound(6000);
  if (!socket.is_open()) return;
  set_times(socket, 20);
  const sockaddr_in other = address(6001);
  CHECK_PLAIN(CALL(bind, socket, any(other), sizeof other) == -1);
  (void)CALL(shutdown, socket, SHUT_RDWR);
  (void)receive_one(socket);
  (void)send_to(socket, "x", 9);
}

SCENARIO("datagrams: sent and received with epoll") {
  const Fd socket = bound(6000, SOCK_NONBLOCK);
  if (!socket.is_open()) return;
  if (epolls(socket, POLLOUT)) (void)send_to(socket, "to myself", 6000);
  if (epolls(socket, POLLIN)) (void)receive_one(socket);
}
