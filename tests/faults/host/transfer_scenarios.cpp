// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Both directions of a connection, their ends, and closing.
#include "trial.h"

using namespace faults;

namespace {

void receive_in(Mode mode) {
  Stream stream = connected(mode);
  if (!stream.socket.is_open()) return;
  stream.peer->sends("first ");
  world().after(5 * ms, [peer = stream.peer] { peer->sends("second"); });
  world().after(6 * ms, [peer = stream.peer] { peer->finishes(); });
  const bool all = stream.recv_all(12, way_of(mode));
  CHECK_PLAIN(all && stream.got == "first second");
  if (mode == Mode::polling) (void)polls(stream.socket, POLLIN);
  CHECK_PLAIN(stream.recv(1) == 0);
}

// The peer takes nothing at first.
void send_in(Mode mode) {
  Stream stream = connected(mode);
  if (!stream.socket.is_open()) return;
  stream.peer->reads = false;
  for (uint64_t i = 1; i < 10; ++i) world().after(i * 5 * ms, [peer = stream.peer] { peer->takes(30000); });
  world().after(60 * ms, [peer = stream.peer] { peer->reads = true; });
  CHECK_PLAIN(stream.send_all(text_of(200000), way_of(mode)));
}

void exchange_with(int option) {
  Stream stream = connected();
  if (!stream.socket.is_open()) return;
  if (option != 0) (void)set_option(stream.socket, IPPROTO_TCP, option, 1);
  for (int i = 0; i < 5; ++i) (void)stream.send("piece ", option == 0 ? MSG_MORE : 0);
  stream.peer->sends("answer");
  (void)polls(stream.socket, POLLIN);
  (void)stream.recv(10, MSG_DONTWAIT);
  (void)stream.send("last");
  if (option == TCP_CORK) (void)set_option(stream.socket, IPPROTO_TCP, option, 0);
}

void close_full(const struct linger* linger) {
  Stream stream = connected(Mode::polling);
  if (!stream.socket.is_open()) return;
  if (linger != nullptr) (void)CALL(setsockopt, stream.socket, SOL_SOCKET, SO_LINGER, linger, sizeof *linger);
  stream.peer->reads = false;
  (void)stream.send_all(text_of(100000));
  world().after(10 * ms, [peer = stream.peer] { peer->reads = true; });
  stream.socket.close();
}

void shut(int how) {
  Stream stream = connected(Mode::timed);
  if (!stream.socket.is_open()) return;
  (void)stream.send("before");
  stream.peer->sends("something");
  (void)CALL(shutdown, stream.socket, how);
  (void)stream.send("behind");
  stream.peer->finishes();
  for (int i = 0; i < 3; ++i)
    if (stream.recv(20) <= 0) break;
  (void)polls(stream.socket, POLLIN | POLLOUT);
  (void)CALL(shutdown, stream.socket, SHUT_RDWR);
}

}  // namespace

SCENARIO("receive: blocking") { receive_in(Mode::blocking); }
SCENARIO("receive: with poll") { receive_in(Mode::polling); }
SCENARIO("receive: timed") { receive_in(Mode::timed); }

SCENARIO("receive: timed, and nothing comes") {
  Stream stream = connected();
  if (!stream.socket.is_open()) return;
  set_times(stream.socket, 20);
  CHECK_PLAIN(stream.recv(1) == -1 && errno == EAGAIN);
}

SCENARIO("receive: all that was asked for") {
  Stream stream = connected(Mode::timed);
  if (!stream.socket.is_open()) return;
  stream.peer->sends("one");
  world().after(5 * ms, [peer = stream.peer] { peer->sends("two"); });
  const long got = stream.recv(6, MSG_WAITALL);
  CHECK_PLAIN(got == 6);
}

SCENARIO("receive: looked at first") {
  Stream stream = connected(Mode::timed);
  if (!stream.socket.is_open()) return;
  stream.peer->sends(text_of(20000));
  (void)stream.recv(5, MSG_PEEK);
  int there = 0;
  (void)CALL(ioctl, stream.socket, FIONREAD, &there);
  CHECK_ALWAYS(there <= 20000);
  (void)stream.recv(20000, MSG_PEEK);
  CHECK_PLAIN(stream.recv_all(20000));
}

SCENARIO("receive: much, in small parts") {
  Stream stream = connected(Mode::timed);
  if (!stream.socket.is_open()) return;
  stream.peer->sends(text_of(60000));
  stream.peer->finishes();
  while (stream.recv(7000) > 0) {
  }
  CHECK_PLAIN(stream.ended && stream.got == stream.peer->told);
}

SCENARIO("receive: reset on the way") {
  Stream stream = connected(Mode::timed);
  if (!stream.socket.is_open()) return;
  stream.peer->sends("data");
  (void)stream.recv(4);
  stream.peer->resets();
  CHECK_PLAIN(stream.recv(4) == -1 && errno == ECONNRESET);
  (void)stream.recv(4);
  (void)stream.send("x");
}

SCENARIO("receive: into several pieces, with readv and recvmsg") {
  Stream stream = connected(Mode::timed);
  if (!stream.socket.is_open()) return;
  stream.peer->sends("0123456789");
  char a[3], b[4], c[3];
  const iovec two[] = {{a, sizeof a}, {b, sizeof b}};
  const long first = CALL(readv, stream.socket, two, 2);
  if (first > 0) stream.got += std::string("0123456789").substr(0, static_cast<size_t>(first));
  CHECK_PLAIN(first == 7 && std::string(a, 3) + std::string(b, 4) == "0123456");
  iovec one = {c, sizeof c};
  msghdr message = {};
  message.msg_iov = &one;
  message.msg_iovlen = 1;
  CHECK_PLAIN(CALL(recvmsg, stream.socket, &message, 0) == 3);
}

SCENARIO("send: blocking, to a slow peer") { send_in(Mode::blocking); }
SCENARIO("send: with poll, to a slow peer") { send_in(Mode::polling); }
SCENARIO("send: timed, to a slow peer") { send_in(Mode::timed); }

SCENARIO("send: timed, to a peer that takes nothing") {
  Stream stream = connected();
  if (!stream.socket.is_open()) return;
  set_times(stream.socket, 20);
  stream.peer->reads = false;
  (void)stream.send_all(text_of(100000));
}

SCENARIO("send: several pieces, with writev and sendmsg") {
  Stream stream = connected(Mode::timed);
  if (!stream.socket.is_open()) return;
  std::string a = text_of(3000), b = text_of(9000);
  iovec two[] = {{a.data(), a.size()}, {b.data(), b.size()}};
  const long written = CALL(writev, stream.socket, two, 2);
  if (written > 0) stream.accepted += (a + b).substr(0, static_cast<size_t>(written));
  msghdr message = {};
  message.msg_iov = two;
  message.msg_iovlen = 2;
  const long sent = CALL(sendmsg, stream.socket, &message, MSG_NOSIGNAL);
  if (sent > 0) stream.accepted += (a + b).substr(0, static_cast<size_t>(sent));
  CHECK_PLAIN(written == 12000 && sent == 12000);
}

SCENARIO("send: pieces gathered by MSG_MORE") { exchange_with(0); }
SCENARIO("send: pieces gathered by TCP_CORK") { exchange_with(TCP_CORK); }
SCENARIO("send: pieces with TCP_NODELAY") { exchange_with(TCP_NODELAY); }

SCENARIO("send: to a peer that has gone") {
  Stream stream = connected(Mode::timed);
  if (!stream.socket.is_open()) return;
  (void)stream.send("x");
  stream.peer->resets(EPIPE);
  (void)stream.send("y");
  (void)stream.send("z");
  (void)get_option(stream.socket, SOL_SOCKET, SO_ERROR);
}

SCENARIO("both ways: much") {
  Stream stream = connected(Mode::polling);
  if (!stream.socket.is_open()) return;
  stream.peer->sends(text_of(50000));
  for (int i = 0; i < 10; ++i) {
    if (!stream.send_all(text_of(9000), polls)) return;
    if (stream.recv(9000) < 0 && errno != EAGAIN && errno != ENOMEM) return;
  }
}

SCENARIO("shutdown: of sending") { shut(SHUT_WR); }
SCENARIO("shutdown: of receiving") { shut(SHUT_RD); }
SCENARIO("shutdown: of both") { shut(SHUT_RDWR); }

SCENARIO("shutdown: with gathered data") {
  Stream stream = connected(Mode::timed);
  if (!stream.socket.is_open()) return;
  (void)stream.send("gathered", MSG_MORE);
  (void)CALL(shutdown, stream.socket, SHUT_WR);
  stream.peer->finishes();
  (void)stream.recv(1);
}

SCENARIO("close: with output that waits") { close_full(nullptr); }
SCENARIO("close: with output that waits, and SO_LINGER") {
  const struct linger linger = {1, 2};
  close_full(&linger);
}
SCENARIO("close: with output that waits, breaking off") {
  const struct linger linger = {1, 0};
  close_full(&linger);
}

SCENARIO("close: with input that nobody has read") {
  Stream stream = connected();
  if (!stream.socket.is_open()) return;
  stream.peer->sends("nobody reads this");
  (void)polls(stream.socket, POLLIN);
  (void)stream.send("x", MSG_MORE);
  stream.socket.close();
}

SCENARIO("close: of a duplicate") {
  Stream stream = connected();
  if (!stream.socket.is_open()) return;
  Fd copy(CALL(dup, stream.socket));
  if (!copy.is_open()) return;
  stream.socket.close();
  stream.socket = static_cast<Fd&&>(copy);
  CHECK_PLAIN(stream.send_all("by the copy"));
}

SCENARIO("exit: with output of several that waits") {
  Stream streams[3];
  for (Stream& stream : streams) {
    Stream made = connected(Mode::polling);
    if (!made.socket.is_open()) return;
    stream.socket = static_cast<Fd&&>(made.socket);
    stream.peer = made.peer;
    made.peer = nullptr;
    stream.peer->reads = false;
    (void)stream.send_all(text_of(80000));
    world().after(20 * ms, [peer = stream.peer] { peer->reads = true; });
  }
  end_program();
}

SCENARIO("exit: with gathered data") {
  Stream stream = connected();
  if (!stream.socket.is_open()) return;
  (void)stream.send("gathered", MSG_MORE);
  end_program();
}
