// Connections between two sockets of one program: what is closed unread, broken off or thrown away resets the other end.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/uio.h>

#include <netinet/tcp.h>

#include "own_reset_help.h"
#include "peer.h"

using namespace conformance;
using namespace own_reset;

namespace {

char byte;

constexpr short hang_up = POLLRDHUP;

long long dissolve(int fd) {
  sockaddr none{};
  none.sa_family = AF_UNSPEC;
  return connect(fd, &none, sizeof none);
}

short events_of(int fd) {
  pollfd entry = {fd, POLLIN | POLLOUT | POLLRDHUP, 0};
  REQUIRE(poll(&entry, 1, 0) >= 0);
  return entry.revents;
}

constexpr short dead = POLLIN | POLLOUT | POLLHUP | POLLRDHUP;

}  // namespace

FAMILY_CASE("reset: a linger interval of zero resets the other end") {
  Pair p = tcp_pair(family);
  reset_on_close(p.client);
  p.client.reset();
  REQUIRE(readable(p.server));
  CHECK(events_of(p.server) == (dead | POLLERR));
  CHECK_FAILS(recv(p.server, &byte, 1, 0), ECONNRESET);
  CHECK_RETURNS(recv(p.server, &byte, 1, 0), 0);
  CHECK_FAILS(send(p.server, &byte, 1, MSG_NOSIGNAL), EPIPE);
  CHECK(events_of(p.server) == dead);
}

FAMILY_CASE("reset: a client on the wildcard is reset with its listener, each time") {
  for (int i = 0; i < 40; ++i) {
    Fd server = tcp(family), client = tcp(family, SOCK_NONBLOCK);
    sockaddr_storage any{};
    any.ss_family = static_cast<sa_family_t>(family);
    socklen_t length = size_of(family);
    auto* address = reinterpret_cast<sockaddr*>(&any);
    REQUIRE_OK(bind(server, address, length));
    REQUIRE_OK(listen(server, 4));
    REQUIRE_OK(getsockname(server, address, &length));
    if (connect(client, address, length) != 0) REQUIRE(errno == EINPROGRESS);
    if (i % 2 == 0) {
      server.reset();
    } else {
      REQUIRE_OK(shutdown(server, SHUT_RDWR));
    }
    REQUIRE(readable(client));
    REQUIRE_FAILS(recv(client, &byte, 1, 0), ECONNRESET);
  }
}

FAMILY_CASE("reset: a linger interval of zero shows in SO_ERROR once") {
  Pair p = tcp_pair(family);
  reset_on_close(p.client);
  p.client.reset();
  REQUIRE(readable(p.server));
  CHECK(int_option(p.server, SOL_SOCKET, SO_ERROR) == ECONNRESET);
  CHECK(int_option(p.server, SOL_SOCKET, SO_ERROR) == 0);
  CHECK_RETURNS(recv(p.server, &byte, 1, 0), 0);
}

FAMILY_CASE("reset: the first send after it tells of it, the second is EPIPE") {
  Pair p = tcp_pair(family);
  reset_on_close(p.client);
  p.client.reset();
  REQUIRE(readable(p.server));
  CHECK_FAILS(send(p.server, &byte, 1, MSG_NOSIGNAL), ECONNRESET);
  CHECK_FAILS(send(p.server, &byte, 1, MSG_NOSIGNAL), EPIPE);
  CHECK_RETURNS(recv(p.server, &byte, 1, 0), 0);
}

FAMILY_CASE("reset: what arrived before it can be read first") {
  Pair p = tcp_pair(family);
  reset_on_close(p.client);
  send_all(p.client, "last words");
  REQUIRE(readable(p.server));
  p.client.reset();
  REQUIRE((wait_for(p.server, hang_up) & hang_up) != 0);
  char buffer[32];
  CHECK_RETURNS(recv(p.server, buffer, sizeof buffer, 0), 10);
  CHECK_FAILS(recv(p.server, buffer, sizeof buffer, 0), ECONNRESET);
  CHECK_RETURNS(recv(p.server, buffer, sizeof buffer, 0), 0);
}

FAMILY_CASE("reset: closing with unread data resets the other end") {
  Pair p = tcp_pair(family);
  send_all(p.client, "never read");
  REQUIRE(readable(p.server));
  p.server.reset();
  REQUIRE(readable(p.client));
  CHECK(events_of(p.client) == (dead | POLLERR));
  CHECK_FAILS(recv(p.client, &byte, 1, 0), ECONNRESET);
  CHECK_RETURNS(recv(p.client, &byte, 1, 0), 0);
}

FAMILY_CASE("reset: closing after a part was read resets, too") {
  Pair p = tcp_pair(family);
  send_all(p.client, "half read");
  REQUIRE(readable(p.server));
  char buffer[4];
  CHECK_RETURNS(recv(p.server, buffer, sizeof buffer, 0), 4);
  p.server.reset();
  REQUIRE(readable(p.client));
  CHECK_FAILS(recv(p.client, &byte, 1, 0), ECONNRESET);
}

FAMILY_CASE("reset: closing after a peek resets, too") {
  Pair p = tcp_pair(family);
  send_all(p.client, "seen");
  char buffer[8];
  CHECK_RETURNS(recv(p.server, buffer, sizeof buffer, MSG_PEEK), 4);
  p.server.reset();
  REQUIRE(readable(p.client));
  CHECK_FAILS(send(p.client, &byte, 1, MSG_NOSIGNAL), ECONNRESET);
}

FAMILY_CASE("reset: closing after everything was read ends in order") {
  Pair p = tcp_pair(family);
  send_all(p.client, "all read");
  CHECK(receive(p.server, 8) == "all read");
  p.server.reset();
  REQUIRE(readable(p.client));
  CHECK(events_of(p.client) == (POLLIN | POLLOUT | POLLRDHUP));
  CHECK_RETURNS(recv(p.client, &byte, 1, 0), 0);
}

FAMILY_CASE("reset: a reset connection has a name and no peer") {
  Pair p = tcp_pair(family);
  const Address before = local_address(p.server);
  reset_on_close(p.client);
  p.client.reset();
  REQUIRE(readable(p.server));
  CHECK(local_address(p.server) == before);
  Address peer;
  CHECK_FAILS(getpeername(p.server, peer.get(), &peer.length), ENOTCONN);
  CHECK_FAILS(shutdown(p.server, SHUT_RDWR), ENOTCONN);
  CHECK_FAILS(connect_to(p.server, before), EISCONN);
  CHECK_FAILS(listen(p.server, 1), EINVAL);
}

FAMILY_CASE("reset: behind an end of the stream it is a broken pipe") {
  Pair p = tcp_pair(family);
  REQUIRE_OK(shutdown(p.server, SHUT_WR));
  send_all(p.client, "never read");
  REQUIRE(readable(p.server));
  REQUIRE(readable(p.client));
  p.server.reset();
  REQUIRE((wait_for(p.client, POLLOUT) & POLLERR) != 0);
  CHECK_RETURNS(recv(p.client, &byte, 1, 0), 0);
  CHECK(int_option(p.client, SOL_SOCKET, SO_ERROR) == EPIPE);
  CHECK_FAILS(send(p.client, &byte, 1, MSG_NOSIGNAL), EPIPE);
}

FAMILY_CASE("reset: AF_UNSPEC breaks a connection off") {
  Pair p = tcp_pair(family);
  REQUIRE_OK(dissolve(p.client));
  REQUIRE(readable(p.server));
  CHECK_FAILS(recv(p.server, &byte, 1, 0), ECONNRESET);
  CHECK_FAILS(send(p.server, &byte, 1, MSG_NOSIGNAL), EPIPE);
  CHECK(int_option(p.client, SOL_SOCKET, SO_ERROR) == ECONNRESET);
  CHECK_FAILS(recv(p.client, &byte, 1, 0), ENOTCONN);
}

FAMILY_CASE("reset: what was sent before AF_UNSPEC can be read first") {
  Pair p = tcp_pair(family);
  const int on = 1;
  REQUIRE_OK(setsockopt(p.client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));
  REQUIRE_RETURNS(send(p.client, "last", 4, 0), 4);
  REQUIRE_OK(dissolve(p.client));
  char buffer[32];
  CHECK_RETURNS(recv(p.server, buffer, sizeof buffer, 0), 4);
  CHECK_FAILS(recv(p.server, buffer, sizeof buffer, 0), ECONNRESET);
}

FAMILY_CASE("reset: AF_UNSPEC throws away what wasn't read") {
  Pair p = tcp_pair(family);
  Bound second = listener(family);
  send_all(p.server, "old");
  REQUIRE(readable(p.client));
  REQUIRE_OK(dissolve(p.client));
  REQUIRE_OK(connect_to(p.client, second.address));
  Fd accepted(accept(second.fd, nullptr, nullptr));
  REQUIRE_OK(static_cast<int>(accepted));
  send_all(accepted, "new");
  CHECK(receive(p.client, 3) == "new");
}
