// connect() of non-blocking TCP sockets: the states in between.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <vector>

#include "net.h"

using namespace conformance;

namespace {

/// A listener that leaves further handshakes unanswered, with the connections that keep it so.
struct Full {
  Bound listener;
  std::vector<Fd> clients;
};

Full full_listener(int family) {
  Full full{listener(family, 0), {}};
  for (int i = 0; i < 8; ++i) {
    full.clients.push_back(tcp(family, SOCK_NONBLOCK));
    int result = connect(full.clients.back(), full.listener.address.get(), full.listener.address.length);
    if (result == -1) REQUIRE(errno == EINPROGRESS);
    if (!writable(full.clients.back(), 50)) return full;
  }
  FAIL("the listener's backlog has no end");
  return full;
}

}  // namespace

FAMILY_CASE("connect, non-blocking: EINPROGRESS, then writable, then no error") {
  Bound l = listener(family);
  Fd fd = tcp(family, SOCK_NONBLOCK);
  REQUIRE_FAILS(connect(fd, l.address.get(), l.address.length), EINPROGRESS);
  REQUIRE(writable(fd));
  CHECK(int_option(fd, SOL_SOCKET, SO_ERROR) == 0);
  CHECK(peer_address(fd) == l.address);
}

FAMILY_CASE("connect, non-blocking: once connected the same call says success, then EISCONN") {
  Bound l = listener(family);
  Fd fd = tcp(family, SOCK_NONBLOCK);
  REQUIRE_FAILS(connect(fd, l.address.get(), l.address.length), EINPROGRESS);
  REQUIRE(writable(fd));
  CHECK_OK(connect(fd, l.address.get(), l.address.length));
  CHECK_FAILS(connect(fd, l.address.get(), l.address.length), EISCONN);
}

FAMILY_CASE("connect, non-blocking: data flows after the handshake") {
  Bound l = listener(family);
  Fd fd = tcp(family, SOCK_NONBLOCK);
  REQUIRE_FAILS(connect(fd, l.address.get(), l.address.length), EINPROGRESS);
  REQUIRE(readable(l.fd));
  Fd server(accept(l.fd, nullptr, nullptr));
  REQUIRE(writable(fd));
  CHECK_RETURNS(send(fd, "data", 4, 0), 4);
  CHECK(receive(server, 4) == "data");
}

FAMILY_CASE("connect, non-blocking: a refusal shows in poll and in SO_ERROR, once") {
  Bound closed = bound_tcp(family);
  Fd fd = tcp(family, SOCK_NONBLOCK);
  REQUIRE_FAILS(connect(fd, closed.address.get(), closed.address.length), EINPROGRESS);
  short events = wait_for(fd, POLLOUT);
  CHECK((events & POLLERR) != 0);
  CHECK((events & POLLHUP) != 0);
  CHECK((events & POLLOUT) != 0);
  CHECK(errno_name(int_option(fd, SOL_SOCKET, SO_ERROR)) == "ECONNREFUSED");
  CHECK(int_option(fd, SOL_SOCKET, SO_ERROR) == 0);
}

FAMILY_CASE("connect, non-blocking: port 0 is refused as any other, after the call") {
  const Address a = Address::loopback(family, 0);
  Fd fd = tcp(family, SOCK_NONBLOCK);
  CHECK_FAILS(connect(fd, a.get(), a.length), EINPROGRESS);
  CHECK((wait_for(fd, POLLOUT) & (POLLOUT | POLLERR | POLLHUP)) == (POLLOUT | POLLERR | POLLHUP));
  CHECK(errno_name(int_option(fd, SOL_SOCKET, SO_ERROR)) == "ECONNREFUSED");
  CHECK_FAILS(listen(fd, 1), EINVAL);
  CHECK_FAILS(connect(fd, a.get(), a.length), ECONNABORTED);
  CHECK_FAILS(connect(fd, a.get(), a.length), EINPROGRESS);
}

FAMILY_CASE("connect, non-blocking: a refusal is told by the next connect") {
  Bound closed = bound_tcp(family);
  Fd fd = tcp(family, SOCK_NONBLOCK);
  REQUIRE_FAILS(connect(fd, closed.address.get(), closed.address.length), EINPROGRESS);
  REQUIRE((wait_for(fd, POLLOUT) & POLLERR) != 0);
  CHECK_FAILS(connect(fd, closed.address.get(), closed.address.length), ECONNREFUSED);
}

FAMILY_CASE("connect, non-blocking: a refusal is told by send") {
  Bound closed = bound_tcp(family);
  Fd fd = tcp(family, SOCK_NONBLOCK);
  REQUIRE_FAILS(connect(fd, closed.address.get(), closed.address.length), EINPROGRESS);
  REQUIRE((wait_for(fd, POLLOUT) & POLLERR) != 0);
  CHECK_FAILS(send(fd, "x", 1, MSG_NOSIGNAL), ECONNREFUSED);
  CHECK_FAILS(send(fd, "x", 1, MSG_NOSIGNAL), EPIPE);
}

FAMILY_CASE("connect, non-blocking: a refusal is told by recv, then it is the end") {
  Bound closed = bound_tcp(family);
  Fd fd = tcp(family, SOCK_NONBLOCK);
  REQUIRE_FAILS(connect(fd, closed.address.get(), closed.address.length), EINPROGRESS);
  REQUIRE((wait_for(fd, POLLOUT) & POLLERR) != 0);
  char byte = 0;
  CHECK_FAILS(recv(fd, &byte, 1, 0), ECONNREFUSED);
  CHECK_RETURNS(recv(fd, &byte, 1, 0), 0);
}

FAMILY_CASE("connect, non-blocking: after a refusal the descriptor can connect elsewhere") {
  Bound closed = bound_tcp(family);
  Bound l = listener(family);
  Fd fd = tcp(family, SOCK_NONBLOCK);
  REQUIRE_FAILS(connect(fd, closed.address.get(), closed.address.length), EINPROGRESS);
  REQUIRE((wait_for(fd, POLLOUT) & POLLERR) != 0);
  REQUIRE(errno_name(int_option(fd, SOL_SOCKET, SO_ERROR)) == "ECONNREFUSED");
  // As SO_ERROR took the reason, the next connect can only say that the attempt was given up.
  REQUIRE_FAILS(connect(fd, l.address.get(), l.address.length), ECONNABORTED);
  REQUIRE_FAILS(connect(fd, l.address.get(), l.address.length), EINPROGRESS);
  REQUIRE(writable(fd));
  CHECK(int_option(fd, SOL_SOCKET, SO_ERROR) == 0);
  CHECK(peer_address(fd) == l.address);
}

FAMILY_CASE("connect, non-blocking: while it is under way connect says EALREADY") {
  Full full = full_listener(family);
  Fd fd = tcp(family, SOCK_NONBLOCK);
  REQUIRE_FAILS(connect(fd, full.listener.address.get(), full.listener.address.length), EINPROGRESS);
  CHECK_FAILS(connect(fd, full.listener.address.get(), full.listener.address.length), EALREADY);
}

FAMILY_CASE("connect, non-blocking: while it is under way nothing is ready") {
  Full full = full_listener(family);
  Fd fd = tcp(family, SOCK_NONBLOCK);
  REQUIRE_FAILS(connect(fd, full.listener.address.get(), full.listener.address.length), EINPROGRESS);
  CHECK(wait_for(fd, POLLIN | POLLOUT, 30) == 0);
  CHECK(int_option(fd, SOL_SOCKET, SO_ERROR) == 0);
}

FAMILY_CASE("connect, non-blocking: while it is under way send and recv say EAGAIN") {
  Full full = full_listener(family);
  Fd fd = tcp(family, SOCK_NONBLOCK);
  REQUIRE_FAILS(connect(fd, full.listener.address.get(), full.listener.address.length), EINPROGRESS);
  char byte = 0;
  CHECK_FAILS(send(fd, "x", 1, MSG_NOSIGNAL), EAGAIN);
  CHECK_FAILS(recv(fd, &byte, 1, 0), EAGAIN);
}

FAMILY_CASE("connect, non-blocking: while it is under way there is no peer name") {
  Full full = full_listener(family);
  Fd fd = tcp(family, SOCK_NONBLOCK);
  REQUIRE_FAILS(connect(fd, full.listener.address.get(), full.listener.address.length), EINPROGRESS);
  Address a;
  CHECK_FAILS(getpeername(fd, a.get(), &a.length), ENOTCONN);
}

FAMILY_CASE("connect, non-blocking: it can be closed while it is under way") {
  Full full = full_listener(family);
  Fd fd = tcp(family, SOCK_NONBLOCK);
  REQUIRE_FAILS(connect(fd, full.listener.address.get(), full.listener.address.length), EINPROGRESS);
  CHECK_OK(close(fd.release()));
}

FAMILY_CASE("connect, non-blocking: fcntl's O_NONBLOCK works like SOCK_NONBLOCK") {
  Bound l = listener(family);
  Fd fd = tcp(family);
  set_nonblocking(fd);
  CHECK_FAILS(connect(fd, l.address.get(), l.address.length), EINPROGRESS);
  REQUIRE(writable(fd));
  CHECK(int_option(fd, SOL_SOCKET, SO_ERROR) == 0);
}

FAMILY_CASE("connect, non-blocking: going back to blocking mode waits for the handshake") {
  Bound l = listener(family);
  Fd fd = tcp(family, SOCK_NONBLOCK);
  REQUIRE_FAILS(connect(fd, l.address.get(), l.address.length), EINPROGRESS);
  set_nonblocking(fd, false);
  CHECK_RETURNS(send(fd, "waits", 5, 0), 5);
  Fd server(accept(l.fd, nullptr, nullptr));
  CHECK(receive(server, 5) == "waits");
}

FAMILY_CASE("connect, non-blocking: 100 handshakes in parallel") {
  Bound l = listener(family, 128, SOCK_NONBLOCK);
  std::vector<Fd> clients;
  for (int i = 0; i < 100; ++i) {
    clients.push_back(tcp(family, SOCK_NONBLOCK));
    REQUIRE_FAILS(connect(clients.back(), l.address.get(), l.address.length), EINPROGRESS);
  }
  int good = 0, accepted = 0;
  for (const Fd& fd : clients) {
    if (writable(fd) && int_option(fd, SOL_SOCKET, SO_ERROR) == 0) ++good;
  }
  std::vector<Fd> servers;
  while (accepted < 100 && readable(l.fd)) {
    servers.emplace_back(accept(l.fd, nullptr, nullptr));
    REQUIRE_OK(int(servers.back()));
    ++accepted;
  }
  CHECK(good == 100);
  CHECK(accepted == 100);
}

FAMILY_CASE("connect: a second blocking one after SO_SNDTIMEO waits again and says EALREADY") {
  Full full = full_listener(family);
  Fd fd = tcp(family);
  set_timeout(fd, SO_SNDTIMEO, 120);
  const Address& address = full.listener.address;
  Stopwatch first;
  CHECK_FAILS(connect(fd, address.get(), address.length), EINPROGRESS);
  CHECK(first.elapsed() >= 100);
  for (int i = 0; i < 2; ++i) {
    Stopwatch again;
    CHECK_FAILS(connect(fd, address.get(), address.length), EALREADY);
    CHECK(again.elapsed() >= 100);
  }
  set_nonblocking(fd);
  CHECK_FAILS(connect(fd, address.get(), address.length), EALREADY);
}
