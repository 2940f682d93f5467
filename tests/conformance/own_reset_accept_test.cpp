// Connections between two sockets of one program: resets of those that wait for accept, and every way to hear of one.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/uio.h>

#include "own_reset_help.h"
#include "peer.h"

using namespace conformance;
using namespace own_reset;

namespace {

char byte;

}  // namespace

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
