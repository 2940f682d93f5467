// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Connecting and accepting.
#include "trial.h"

using namespace faults;

namespace {

long connect_to(int number, uint16_t port = 80) {
  const sockaddr_in remote = address(port);
  return CALL(connect, number, any(remote), sizeof remote);
}

// What SO_ERROR says of a connect that was under way.
long outcome(int number, bool (*wait)(int, short)) {
  if (!wait(number, POLLOUT)) return -1;
  return get_option(number, SOL_SOCKET, SO_ERROR);
}

void connect_in_background(bool (*wait)(int, short), uint64_t delay, int error = 0) {
  Stream stream;
  stream.socket = tcp(SOCK_NONBLOCK);
  if (!stream.socket.is_open()) return;
  if (error != 0) {
    world().will_fail(error, delay);
  } else {
    stream.peer = world().will_connect(delay);
  }
  if (connect_to(stream.socket) == -1) {
    if (errno != EINPROGRESS) return;
    const long result = outcome(stream.socket, wait);
    CHECK_PLAIN(result == error);
    if (result != 0) return;
  }
  CHECK_PLAIN(stream.send_all("hello"));
}

void connect_blocking(uint64_t delay) {
  Stream stream;
  stream.socket = tcp();
  if (!stream.socket.is_open()) return;
  stream.peer = world().will_connect(delay);
  if (connect_to(stream.socket) != 0) return;
  CHECK_PLAIN(stream.send_all("hello"));
  sockaddr_in name = {};
  socklen_t length = sizeof name;
  CHECK_PLAIN(CALL(getpeername, stream.socket, reinterpret_cast<sockaddr*>(&name), &length) == 0);
  CHECK_PLAIN(CALL(getsockname, stream.socket, reinterpret_cast<sockaddr*>(&name), &length) == 0);
}

// Takes a connection, and what its client said.
void serve(int listening, const PeerPointer& client, const std::function<bool(int, short)>& wait, int flags = 0) {
  Stream stream;
  for (int attempt = 0; attempt < 4 && !stream.socket.is_open(); ++attempt) {
    if (wait && !wait(listening, POLLIN)) return;
    stream.socket = Fd(CALL(accept4, listening, nullptr, nullptr, flags));
    if (!stream.socket.is_open() && errno != EAGAIN && errno != ENOMEM && errno != ECONNABORTED) return;
  }
  CHECK_PLAIN(stream.socket.is_open());
  if (!stream.socket.is_open()) return;
  stream.peer = client;
  if (!stream.recv_all(7, wait)) return;
  CHECK_PLAIN(stream.got == "request");
  CHECK_PLAIN(stream.send_all("response", wait));
}

PeerPointer client_of(uint16_t port) {
  const PeerPointer client = world().connects_to(port);
  client->sends("request");
  return client;
}

}  // namespace

SCENARIO("connect: blocking, at once") { connect_blocking(0); }
SCENARIO("connect: blocking, after a while") { connect_blocking(5 * ms); }
SCENARIO("connect: in the background, with poll") { connect_in_background(polls, 5 * ms); }
SCENARIO("connect: in the background, with select") { connect_in_background(selects, 5 * ms); }
SCENARIO("connect: in the background, with epoll") { connect_in_background(epolls, 5 * ms); }
SCENARIO("connect: in the background, at once") { connect_in_background(polls, 0); }
SCENARIO("connect: in the background, refused") { connect_in_background(polls, 5 * ms, ECONNREFUSED); }
SCENARIO("connect: in the background, refused at once") { connect_in_background(epolls, 0, ECONNREFUSED); }

SCENARIO("connect: refused, and tried again") {
  Stream stream;
  stream.socket = tcp();
  if (!stream.socket.is_open()) return;
  world().will_fail(ECONNREFUSED, 2 * ms);
  stream.peer = world().will_connect();
  long result = connect_to(stream.socket);
  CHECK_PLAIN(result == -1 && errno == ECONNREFUSED);
  if (result != 0) result = connect_to(stream.socket);
  CHECK_PLAIN(result == 0);
  if (result == 0) (void)stream.send_all("hello");
}

SCENARIO("connect: timed, and never answered") {
  const Fd socket = tcp();
  if (!socket.is_open()) return;
  set_times(socket, 20);
  world().attempts.push_back({nullptr, 0, 0, true});
  const long result = connect_to(socket);
  CHECK_PLAIN(result == -1 && errno == EINPROGRESS);
}

SCENARIO("connect: from an address of the program's choice") {
  Stream stream;
  stream.socket = tcp();
  if (!stream.socket.is_open()) return;
  const sockaddr_in local = address(5000);
  if (CALL(bind, stream.socket, any(local), sizeof local) != 0) return;
  stream.peer = world().will_connect();
  if (connect_to(stream.socket) != 0) return;
  CHECK_PLAIN(stream.send_all("hello"));
}

SCENARIO("connect: dissolved by AF_UNSPEC, and made again") {
  Stream stream = connected();
  if (!stream.socket.is_open() || !stream.send_all("hello")) return;
  const sockaddr nobody = {AF_UNSPEC, {}};
  if (CALL(connect, stream.socket, &nobody, sizeof nobody) != 0) return;
  (void)get_option(stream.socket, SOL_SOCKET, SO_ERROR);
  (void)world().will_connect();
  (void)connect_to(stream.socket);
}

SCENARIO("connect: an IPv6 socket to IPv4") {
  Stream stream;
  stream.socket = tcp(0, AF_INET6);
  if (!stream.socket.is_open()) return;
  stream.peer = world().will_connect();
  const sockaddr_in6 remote = address6(80, "::ffff:127.0.0.1");
  if (CALL(connect, stream.socket, any(remote), sizeof remote) != 0) return;
  CHECK_PLAIN(stream.send_all("hello"));
}

SCENARIO("connect: an IPv6 socket on the wildcard to IPv4") {
  Stream stream;
  stream.socket = tcp(0, AF_INET6);
  if (!stream.socket.is_open()) return;
  const sockaddr_in6 local = address6(0, "::");
  if (CALL(bind, stream.socket, any(local), sizeof local) != 0) return;
  stream.peer = world().will_connect();
  const sockaddr_in6 remote = address6(80, "::ffff:127.0.0.1");
  if (CALL(connect, stream.socket, any(remote), sizeof remote) != 0) return;
  CHECK_PLAIN(stream.send_all("hello"));
}

SCENARIO("accept: blocking") {
  const Fd listening = listener(7000);
  if (!listening.is_open()) return;
  serve(listening, client_of(7000), {});
}

SCENARIO("accept: with poll") {
  const Fd listening = listener(7000, SOCK_NONBLOCK);
  if (!listening.is_open()) return;
  serve(listening, client_of(7000), polls, SOCK_NONBLOCK);
}

SCENARIO("accept: with select") {
  const Fd listening = listener(7000, SOCK_NONBLOCK);
  if (!listening.is_open()) return;
  serve(listening, client_of(7000), selects, SOCK_NONBLOCK);
}

SCENARIO("accept: with epoll") {
  const Fd listening = listener(7000, SOCK_NONBLOCK);
  if (!listening.is_open()) return;
  serve(listening, client_of(7000), epolls, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

SCENARIO("accept: timed, and nobody comes") {
  const Fd listening = listener(7000);
  if (!listening.is_open()) return;
  set_times(listening, 20);
  const long accepted = CALL(accept, listening, nullptr, nullptr);
  CHECK_PLAIN(accepted == -1 && errno == EAGAIN);
}

SCENARIO("accept: several wait, and the listener goes before all are taken") {
  const Fd listening = listener(7000);
  if (!listening.is_open()) return;
  for (int i = 0; i < 3; ++i) (void)client_of(7000);
  sockaddr_in client = {};
  socklen_t length = sizeof client;
  const Fd first(CALL(accept, listening, reinterpret_cast<sockaddr*>(&client), &length));
  CHECK_PLAIN(first.is_open() && length == sizeof client);
  (void)polls(listening, POLLIN);
}

SCENARIO("accept: of both families") {
  const Fd listening = tcp(0, AF_INET6);
  if (!listening.is_open()) return;
  const sockaddr_in6 local = address6(7000, "::");
  if (CALL(bind, listening, any(local), sizeof local) != 0 || CALL(listen, listening, 5) != 0) return;
  set_times(listening, 100);
  serve(listening, client_of(7000), {});
}

SCENARIO("accept: on a port of the host's choice") {
  const Fd listening = tcp();
  if (!listening.is_open() || CALL(listen, listening, 1) != 0) return;
  sockaddr_in local = {};
  socklen_t length = sizeof local;
  if (CALL(getsockname, listening, reinterpret_cast<sockaddr*>(&local), &length) != 0) return;
  if (local.sin_port != 0) serve(listening, client_of(ntohs(local.sin_port)), polls);
}

namespace {

// The program is its own client.
struct Ends {
  Fd client;
  Fd server;
};
Ends own_connection() {
  Ends ends;
  const Fd listening = listener(7000);
  if (!listening.is_open()) return ends;
  ends.client = tcp();
  if (!ends.client.is_open() || connect_to(ends.client, 7000) != 0) return ends;
  set_times(listening, 100);
  ends.server = Fd(CALL(accept, listening, nullptr, nullptr));
  if (!ends.server.is_open()) return ends;
  set_times(ends.client, 100);
  set_times(ends.server, 100);
  return ends;
}

}  // namespace

SCENARIO("accept: the program's own client, and what the two say") {
  const Ends ends = own_connection();
  if (!ends.server.is_open()) return;
  char room[10] = {};
  CHECK_PLAIN(CALL(send, ends.client, "ping", 4, MSG_NOSIGNAL) == 4);
  const long got = CALL(recv, ends.server, room, sizeof room, 0);
  CHECK_PLAIN(got == 4);
  CHECK_ALWAYS(got <= 0 || std::string(room, static_cast<size_t>(got)) == "ping");
  CHECK_PLAIN(CALL(send, ends.server, "pong", 4, MSG_NOSIGNAL) == 4);
  (void)polls(ends.client, POLLIN);
  CHECK_PLAIN(CALL(recv, ends.client, room, sizeof room, 0) == 4);
}

SCENARIO("accept: the program's own client closes, and the other end hears of it") {
  Ends ends = own_connection();
  if (!ends.server.is_open()) return;
  (void)CALL(send, ends.client, "last words", 10, MSG_NOSIGNAL);
  ends.client.close();
  char room[20];
  for (int i = 0; i < 3; ++i)
    if (CALL(recv, ends.server, room, sizeof room, 0) <= 0) break;
  (void)CALL(send, ends.server, "x", 1, MSG_NOSIGNAL);
  (void)CALL(send, ends.server, "x", 1, MSG_NOSIGNAL);
}

SCENARIO("accept: the program's own client breaks off") {
  Ends ends = own_connection();
  if (!ends.server.is_open()) return;
  const struct linger at_once = {1, 0};
  (void)CALL(setsockopt, ends.client, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  (void)CALL(send, ends.client, "x", 1, MSG_NOSIGNAL);
  ends.client.close();
  char room[20];
  (void)polls(ends.server, POLLIN);
  (void)CALL(recv, ends.server, room, sizeof room, 0);
  (void)get_option(ends.server, SOL_SOCKET, SO_ERROR);
}
