// What a kernel has done on loopback by the time that a call returns, and what one receive gives.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/ioctl.h>

#include <algorithm>

#include "net.h"

using namespace conformance;

namespace {

long long connect_to(int fd, const Address& address) { return connect(fd, address.get(), address.length); }

char byte;

}  // namespace

FAMILY_CASE("at once: a non-blocking connect to loopback is through when it returns") {
  Bound open = listener(family);
  Fd fd = tcp(family, SOCK_NONBLOCK);
  REQUIRE_FAILS(connect_to(fd, open.address), EINPROGRESS);
  CHECK(wait_for(fd, POLLOUT, 0) == POLLOUT);
  CHECK(peer_address(fd) == open.address);
  CHECK(local_address(fd).is_loopback());
  CHECK_RETURNS(send(fd, "x", 1, 0), 1);
  CHECK_RETURNS(connect_to(fd, open.address), 0);
  CHECK_FAILS(connect_to(fd, open.address), EISCONN);
}

FAMILY_CASE("at once: SO_ERROR is what code asks for after a non-blocking connect") {
  Bound open = listener(family), closed = bound_tcp(family);
  Fd good = tcp(family, SOCK_NONBLOCK), bad = tcp(family, SOCK_NONBLOCK);
  REQUIRE_FAILS(connect_to(good, open.address), EINPROGRESS);
  CHECK(int_option(good, SOL_SOCKET, SO_ERROR) == 0);
  REQUIRE_FAILS(connect_to(bad, closed.address), EINPROGRESS);
  CHECK(int_option(bad, SOL_SOCKET, SO_ERROR) == ECONNREFUSED);
  CHECK(int_option(bad, SOL_SOCKET, SO_ERROR) == 0);
}

FAMILY_CASE("at once: a socket bound to the wildcard connects to loopback") {
  Bound open = listener(family);
  Fd fd = tcp(family, SOCK_NONBLOCK);
  const Address any = Address::any(family);
  REQUIRE_OK(bind(fd, any.get(), any.length));
  const std::uint16_t port = local_address(fd).port();
  REQUIRE_FAILS(connect_to(fd, open.address), EINPROGRESS);
  CHECK(wait_for(fd, POLLOUT, 0) == POLLOUT);
  CHECK(local_address(fd).port() == port);
}

FAMILY_CASE("at once: what arrived after a poll is received with what arrived before") {
  Pair p = tcp_pair(family);
  send_all(p.client, "first");
  REQUIRE(readable(p.server));
  send_all(p.client, "second");
  int waiting = 0;
  for (int i = 0; i < 800 && waiting < 11; ++i) {
    REQUIRE_OK(ioctl(p.server, FIONREAD, &waiting));
    if (waiting < 11) usleep(1000);
  }
  char buffer[32];
  CHECK_RETURNS(recv(p.server, buffer, sizeof buffer, 0), 11);
}

FAMILY_CASE("at once: a peek doesn't part what follows") {
  Pair p = tcp_pair(family);
  send_all(p.client, "abc");
  char buffer[32];
  CHECK_RETURNS(recv(p.server, buffer, sizeof buffer, MSG_PEEK), 3);
  Stopwatch watch;
  send_all(p.client, "defgh");
  // Until the rest is there; seen by a peek, so that nothing is taken.
  while (recv(p.server, buffer, sizeof buffer, MSG_PEEK) < 8 && watch.elapsed() < 4000) usleep(1000);
  CHECK_RETURNS(recv(p.server, buffer, sizeof buffer, 0), 8);
}

FAMILY_CASE("at once: a poll before and one after don't part what was sent") {
  Pair p = tcp_pair(family);
  send_all(p.client, "1");
  REQUIRE(readable(p.server));
  send_all(p.client, "23");
  // Time for the loopback interface, which the guest's host needs to notice.
  usleep(20000);
  char buffer[32];
  CHECK_RETURNS(recv(p.server, buffer, sizeof buffer, 0), 3);
}

FAMILY_CASE("at once: after SHUT_RD what arrives is received, and then the end") {
  Pair p = tcp_pair(family);
  REQUIRE_OK(shutdown(p.server, SHUT_RD));
  CHECK_RETURNS(recv(p.server, &byte, 1, 0), 0);
  send_all(p.client, "late");
  usleep(20000);
  char buffer[8];
  CHECK_RETURNS(recv(p.server, buffer, sizeof buffer, 0), 4);
  CHECK_RETURNS(recv(p.server, buffer, sizeof buffer, 0), 0);
}

FAMILY_CASE("at once: a socket shut down before it connects sends no end") {
  Bound open = listener(family);
  Fd fd = tcp(family);
  CHECK_FAILS(shutdown(fd, SHUT_RDWR), ENOTCONN);
  REQUIRE_OK(connect_to(fd, open.address));
  Fd accepted(accept(open.fd, nullptr, nullptr));
  REQUIRE_OK(static_cast<int>(accepted));
  CHECK_FAILS(send(fd, "x", 1, MSG_NOSIGNAL), EPIPE);
  CHECK_RETURNS(recv(fd, &byte, 1, 0), 0);
  CHECK(wait_for(accepted, POLLIN, 30) == 0);
  fd.reset();
  CHECK_RETURNS(recv(accepted, &byte, 1, 0), 0);
}

FAMILY_CASE("at once: a failed connect that was shut down never connects again") {
  Bound closed = bound_tcp(family), open = listener(family);
  Fd fd = tcp(family, SOCK_NONBLOCK);
  REQUIRE_FAILS(connect_to(fd, closed.address), EINPROGRESS);
  REQUIRE(writable(fd));
  CHECK(int_option(fd, SOL_SOCKET, SO_ERROR) == ECONNREFUSED);
  CHECK_FAILS(shutdown(fd, SHUT_WR), ENOTCONN);
  CHECK_FAILS(connect_to(fd, open.address), EINVAL);
  CHECK_FAILS(listen(fd, 1), EINVAL);
}

FAMILY_CASE("at once: UDP's refusal shows in SO_ERROR") {
  Address closed = bound_udp(family).address;
  Fd fd = udp(family, SOCK_NONBLOCK);
  REQUIRE_OK(connect_to(fd, closed));
  for (int round = 0; round < 3; ++round) {
    REQUIRE_RETURNS(send(fd, "x", 1, 0), 1);
    usleep(20000);
    CHECK(int_option(fd, SOL_SOCKET, SO_ERROR) == ECONNREFUSED);
    CHECK(int_option(fd, SOL_SOCKET, SO_ERROR) == 0);
  }
}

FAMILY_CASE("at once: UDP's refusal outlives another connect") {
  Address closed = bound_udp(family).address;
  Bound open = bound_udp(family);
  Fd fd = udp(family, SOCK_NONBLOCK);
  REQUIRE_OK(connect_to(fd, closed));
  REQUIRE_RETURNS(send(fd, "x", 1, 0), 1);
  usleep(20000);
  REQUIRE_OK(connect_to(fd, open.address));
  CHECK(int_option(fd, SOL_SOCKET, SO_ERROR) == ECONNREFUSED);
  CHECK_RETURNS(send(fd, "x", 1, 0), 1);
  CHECK(readable(open.fd));
}

FAMILY_CASE("at once: nothing is unsent when the peer has room") {
  Pair p = tcp_pair(family);
  int unsent = -1;
  send_all(p.client, "on its way");
  REQUIRE(readable(p.server));
  CHECK_OK(ioctl(p.client, TIOCOUTQ, &unsent));
  CHECK(unsent == 0);
}

FAMILY_CASE("at once: something is unsent when the peer has none") {
  Pair p = small_tcp_pair(family);
  set_nonblocking(p.client);
  CHECK(fill(p.client) > 0);
  int unsent = -1;
  CHECK_OK(ioctl(p.client, TIOCOUTQ, &unsent));
  CHECK(unsent > 0);
}

FAMILY_CASE("at once: TIOCOUTQ in the other states") {
  int unsent = -1;
  Fd fresh = tcp(family), datagram = udp(family);
  CHECK_OK(ioctl(fresh, TIOCOUTQ, &unsent));
  CHECK(unsent == 0);
  unsent = -1;
  CHECK_OK(ioctl(datagram, TIOCOUTQ, &unsent));
  CHECK(unsent == 0);
  Bound open = listener(family);
  CHECK_FAILS(ioctl(open.fd, TIOCOUTQ, &unsent), EINVAL);
  CHECK_FAILS(ioctl(open.fd, FIONREAD, nullptr), EINVAL);
}

FAMILY_CASE("at once: a backlog of 0 lets one connection wait") {
  Bound open = listener(family, 0);
  Fd clients[4];
  int through = 0;
  for (Fd& fd : clients) {
    fd = tcp(family, SOCK_NONBLOCK);
    REQUIRE_FAILS(connect_to(fd, open.address), EINPROGRESS);
    if (wait_for(fd, POLLOUT, 30) == POLLOUT) ++through;
  }
  CHECK(through == DIFFERS_ON_WASI("A host's smallest backlog is 1, which lets two connections wait", 1, 2));
}

FAMILY_CASE("at once: a send of nothing on a broken connection") {
  Pair p = tcp_pair(family);
  p.server.reset();
  REQUIRE(readable(p.client));
  CHECK_RETURNS(send(p.client, "", 0, MSG_NOSIGNAL), 0);
  CHECK_RETURNS(send(p.client, "x", 1, MSG_NOSIGNAL), 1);
  REQUIRE((wait_for(p.client, POLLOUT) & POLLERR) != 0);
  CHECK_FAILS(send(p.client, "", 0, MSG_NOSIGNAL), EPIPE);
  CHECK_FAILS(send(p.client, "x", 1, MSG_NOSIGNAL), EPIPE);
  CHECK(int_option(p.client, SOL_SOCKET, SO_ERROR) == 0);
}

FAMILY_CASE("at once: both directions full of odd sizes at once") {
  Pair p = tcp_pair(family);
  const int ends[2] = {p.client, p.server};
  for (int fd : ends) set_nonblocking(fd);
  constexpr std::size_t total = 12000007;
  std::size_t sent[2] = {}, received[2] = {};
  unsigned seed = 7;
  auto size = [&seed] { return 1 + (seed = seed * 1103515245U + 12345U) / 65536 % 70001; };
  std::string buffer(70001, '\0');
  Stopwatch watch;
  while ((received[0] < total || received[1] < total) && watch.elapsed() < 15000) {
    pollfd entries[2];
    for (int i = 0; i < 2; ++i)
      entries[i] = {ends[i], static_cast<short>(sent[i] < total ? POLLIN | POLLOUT : POLLIN), 0};
    REQUIRE(poll(entries, 2, 5000) > 0);
    for (int i = 0; i < 2; ++i) {
      if ((entries[i].revents & POLLOUT) != 0 && sent[i] < total) {
        const std::string data = pattern(sent[i], std::min<std::size_t>(size(), total - sent[i]));
        const ssize_t n = send(ends[i], data.data(), data.size(), 0);
        if (n > 0) sent[i] += static_cast<std::size_t>(n);
      }
      if ((entries[i].revents & POLLIN) != 0) {
        const ssize_t n = recv(ends[i], buffer.data(), size(), 0);
        REQUIRE(n > 0);
        REQUIRE(buffer.compare(0, static_cast<std::size_t>(n), pattern(received[i], static_cast<std::size_t>(n))) == 0);
        received[i] += static_cast<std::size_t>(n);
      }
    }
  }
  CHECK(received[0] == total);
  CHECK(received[1] == total);
}

FAMILY_CASE("at once: a thousand short connections") {
  Bound open = listener(family);
  int served = 0;
  for (int i = 0; i < 1000; ++i) {
    Fd client = tcp(family);
    REQUIRE_OK(connect_to(client, open.address));
    Fd server(accept(open.fd, nullptr, nullptr));
    REQUIRE_OK(static_cast<int>(server));
    send_all(client, "ping");
    REQUIRE(receive(server, 4) == "ping");
    send_all(server, "pong");
    server.reset();
    REQUIRE(receive_to_end(client) == "pong");
    ++served;
  }
  CHECK(served == 1000);
}

FAMILY_CASE("at once: exit with two sockets full for each other") {
  Pair p = small_tcp_pair(family);
  set_nonblocking(p.client);
  set_nonblocking(p.server);
  CHECK(fill(p.client) > 0);
  CHECK(fill(p.server) > 0);
  // Left open, so that the end of the program has to deal with them.
  p.client.release();
  p.server.release();
}

FAMILY_CASE("at once: exit with one closed and the other full for it") {
  Pair p = small_tcp_pair(family);
  set_nonblocking(p.client);
  set_nonblocking(p.server);
  CHECK(fill(p.client) > 0);
  CHECK(fill(p.server) > 0);
  p.client.reset();
  p.server.release();
}
