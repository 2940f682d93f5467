// Connections between two sockets of one program: what is closed unread, broken off or thrown away resets the other end.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/uio.h>

#include "peer.h"

using namespace conformance;

namespace {

constexpr short hang_up = POLLRDHUP;

void reset_on_close(int fd) {
  const linger none = {1, 0};
  REQUIRE_OK(setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof none));
}

long long connect_to(int fd, const Address& address) { return connect(fd, address.get(), address.length); }

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

char byte;

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

FAMILY_CASE("reset: one that waits for accept is accepted, and then is reset") {
  Bound open = listener(family);
  Fd client = tcp(family);
  REQUIRE_OK(connect_to(client, open.address));
  send_all(client, "early");
  reset_on_close(client);
  client.reset();
  Fd accepted(accept(open.fd, nullptr, nullptr));
  REQUIRE_OK(static_cast<int>(accepted));
  char buffer[8];
  CHECK_RETURNS(recv(accepted, buffer, sizeof buffer, 0), 5);
  CHECK_FAILS(recv(accepted, buffer, sizeof buffer, 0), ECONNRESET);
  CHECK_RETURNS(recv(accepted, buffer, sizeof buffer, 0), 0);
}

FAMILY_CASE("reset: accept that asks for the name of one that is gone") {
  Bound open = listener(family);
  Fd client = tcp(family);
  REQUIRE_OK(connect_to(client, open.address));
  const Address name = local_address(client);
  reset_on_close(client);
  client.reset();
  Address peer;
  Fd accepted(accept(open.fd, peer.get(), &peer.length));
  REQUIRE_OK(static_cast<int>(accepted));
  CHECK(peer == name);
  CHECK_FAILS(getpeername(accepted, peer.get(), &peer.length), ENOTCONN);
  CHECK_FAILS(recv(accepted, &byte, 1, 0), ECONNRESET);
}

FAMILY_CASE("reset: closing a listener resets who waits") {
  Bound open = listener(family);
  Fd first = tcp(family), second = tcp(family);
  REQUIRE_OK(connect_to(first, open.address));
  REQUIRE_OK(connect_to(second, open.address));
  REQUIRE(readable(open.fd));
  open.fd.reset();
  for (Fd* fd : {&first, &second}) {
    REQUIRE(readable(*fd));
    CHECK_FAILS(recv(*fd, &byte, 1, 0), ECONNRESET);
    CHECK_FAILS(send(*fd, &byte, 1, MSG_NOSIGNAL), EPIPE);
  }
}

FAMILY_CASE("reset: shutting a listener down resets who waits") {
  Bound open = listener(family);
  Fd client = tcp(family);
  REQUIRE_OK(connect_to(client, open.address));
  REQUIRE(readable(open.fd));
  REQUIRE_OK(shutdown(open.fd, SHUT_RD));
  REQUIRE(readable(client));
  CHECK_FAILS(recv(client, &byte, 1, 0), ECONNRESET);
}

FAMILY_CASE("reset: data for a socket that was shut down in both directions") {
  Pair p = tcp_pair(family);
  REQUIRE_OK(shutdown(p.client, SHUT_RDWR));
  REQUIRE(readable(p.server));
  CHECK_RETURNS(send(p.server, "x", 1, MSG_NOSIGNAL), 1);
  REQUIRE((wait_for(p.server, POLLOUT) & POLLERR) != 0);
  CHECK_RETURNS(recv(p.server, &byte, 1, 0), 0);
  CHECK(int_option(p.server, SOL_SOCKET, SO_ERROR) == EPIPE);
  CHECK_FAILS(send(p.server, "x", 1, MSG_NOSIGNAL), EPIPE);
  CHECK_FAILS(recv(p.client, &byte, 1, 0), ECONNRESET);
  CHECK_RETURNS(recv(p.client, &byte, 1, 0), 0);
}

FAMILY_CASE("reset: closing the last of two descriptors with unread data") {
  Pair p = tcp_pair(family);
  send_all(p.client, "unread");
  REQUIRE(readable(p.server));
  Fd copy(dup(p.server));
  REQUIRE_OK(static_cast<int>(copy));
  p.server.reset();
  CHECK(wait_for(p.client, POLLIN, 20) == 0);
  copy.reset();
  REQUIRE(readable(p.client));
  CHECK_FAILS(recv(p.client, &byte, 1, 0), ECONNRESET);
}

FAMILY_CASE("reset: every way to receive and to send tells of it once") {
  auto after_reset = [family](auto call) {
    Pair p = tcp_pair(family);
    reset_on_close(p.client);
    p.client.reset();
    REQUIRE(readable(p.server));
    CHECK_FAILS(call(p.server), ECONNRESET);
    CHECK(int_option(p.server, SOL_SOCKET, SO_ERROR) == 0);
  };
  iovec piece = {&byte, 1};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  after_reset([](int fd) { return read(fd, &byte, 1); });
  after_reset([&](int fd) { return readv(fd, &piece, 1); });
  after_reset([&](int fd) { return recvmsg(fd, &message, 0); });
  after_reset([](int fd) { return recv(fd, &byte, 1, MSG_PEEK); });
  after_reset([](int fd) { return recv(fd, &byte, 1, MSG_WAITALL); });
  after_reset([](int fd) { return recv(fd, nullptr, 1, MSG_TRUNC); });
  after_reset([](int fd) { return write(fd, &byte, 1); });
  after_reset([&](int fd) { return writev(fd, &piece, 1); });
  after_reset([&](int fd) { return sendmsg(fd, &message, MSG_NOSIGNAL); });
}

FAMILY_CASE("reset: of a connection to an IPv6 socket on the wildcard") {
  Fd open = tcp(AF_INET6), client = tcp(family);
  const Address any = Address::any(AF_INET6);
  REQUIRE_OK(bind(open, any.get(), any.length));
  REQUIRE_OK(listen(open, 1));
  REQUIRE_OK(connect_to(client, Address::loopback(family, local_address(open).port())));
  Fd accepted(accept(open, nullptr, nullptr));
  REQUIRE_OK(static_cast<int>(accepted));
  reset_on_close(client);
  client.reset();
  REQUIRE(readable(accepted));
  CHECK_FAILS(recv(accepted, &byte, 1, 0), ECONNRESET);
  CHECK_RETURNS(recv(accepted, &byte, 1, 0), 0);
}

FAMILY_CASE("reset: options of a connection that was reset") {
  Pair p = tcp_pair(family);
  reset_on_close(p.client);
  p.client.reset();
  REQUIRE(readable(p.server));
  const int on = 1;
  CHECK_OK(setsockopt(p.server, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on));
  CHECK(int_option(p.server, SOL_SOCKET, SO_KEEPALIVE) == 1);
  CHECK(int_option(p.server, SOL_SOCKET, SO_ACCEPTCONN) == 0);
}

FAMILY_CASE("reset: a socket that connected to itself closes quietly") {
  Bound self = bound_tcp(family);
  REQUIRE_OK(connect_to(self.fd, self.address));
  send_all(self.fd, "note to self");
  REQUIRE(readable(self.fd));
  CHECK_OK(close(self.fd.release()));
}

FAMILY_CASE("reset: by a peer outside") {
  Peer peer;
  Address address = peer.listen(family);
  peer.begin("accept; hear 1; reset");
  Fd fd = tcp(family);
  REQUIRE_OK(connect_to(fd, address));
  send_all(fd, "x");
  REQUIRE(readable(fd));
  CHECK_FAILS(recv(fd, &byte, 1, 0), ECONNRESET);
  CHECK_FAILS(send(fd, &byte, 1, MSG_NOSIGNAL), EPIPE);
  peer.finish();
}

// What only the kernel at the guest's own end could do.
FAMILY_CASE("reset: a peer outside sees how something closed unread ends") {
  Peer peer;
  Address address = peer.listen(family);
  const std::string end = DIFFERS_ON_WASI(
      "A host can't reset a connection: towards a peer outside the program it ends in order", "was-reset", "eof");
  peer.begin("accept; send 10; " + end);
  Fd fd = tcp(family);
  REQUIRE_OK(connect_to(fd, address));
  REQUIRE(readable(fd));
  fd.reset();
  peer.finish();
}
