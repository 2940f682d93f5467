// shutdown(), half-closed connections, the end of a stream, resets and broken pipes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "peer.h"

using namespace conformance;

namespace {

/// A connection whose other end is the peer's.
Fd connected(Peer& peer, int family) {
  Address address = peer.listen(family);
  peer.begin("accept");
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  peer.finish();
  return fd;
}

}  // namespace

FAMILY_CASE("shutdown: SHUT_WR ends the stream for the other end") {
  Pair p = tcp_pair(family);
  send_all(p.client, "last words");
  CHECK_OK(shutdown(p.client, SHUT_WR));
  CHECK(receive_to_end(p.server) == "last words");
}

FAMILY_CASE("shutdown: after SHUT_WR sending gives EPIPE") {
  Pair p = tcp_pair(family);
  REQUIRE_OK(shutdown(p.client, SHUT_WR));
  CHECK_FAILS(send(p.client, "x", 1, MSG_NOSIGNAL), EPIPE);
  CHECK_FAILS(write(p.client, "x", 1), EPIPE);
}

FAMILY_CASE("shutdown: after SHUT_WR data still comes in") {
  Pair p = tcp_pair(family);
  REQUIRE_OK(shutdown(p.client, SHUT_WR));
  CHECK(receive_to_end(p.server).empty());
  send_all(p.server, "the answer");
  p.server.reset();
  CHECK(receive_to_end(p.client) == "the answer");
}

FAMILY_CASE("shutdown: after both ends said SHUT_WR the connection is over for both") {
  Pair p = tcp_pair(family);
  REQUIRE_OK(shutdown(p.client, SHUT_WR));
  REQUIRE_OK(shutdown(p.server, SHUT_WR));
  CHECK(receive_to_end(p.server).empty());
  CHECK(receive_to_end(p.client).empty());
  CHECK_FAILS(send(p.client, "x", 1, MSG_NOSIGNAL), EPIPE);
  CHECK_FAILS(send(p.server, "x", 1, MSG_NOSIGNAL), EPIPE);
}

FAMILY_CASE("shutdown: SHUT_RD makes recv return the end") {
  Pair p = tcp_pair(family);
  REQUIRE_OK(shutdown(p.server, SHUT_RD));
  char byte = 0;
  CHECK_RETURNS(recv(p.server, &byte, 1, 0), 0);
  CHECK((wait_for(p.server, POLLIN, 0) & POLLIN) != 0);
}

FAMILY_CASE("shutdown: after SHUT_RD sending still works") {
  Pair p = tcp_pair(family);
  REQUIRE_OK(shutdown(p.server, SHUT_RD));
  CHECK_RETURNS(send(p.server, "out", 3, 0), 3);
  CHECK(receive(p.client, 3) == "out");
}

FAMILY_CASE("shutdown: SHUT_RD keeps what has arrived") {
  Pair p = tcp_pair(family);
  send_all(p.client, "kept");
  REQUIRE(readable(p.server));
  REQUIRE_OK(shutdown(p.server, SHUT_RD));
  CHECK(receive_to_end(p.server) == "kept");
}

FAMILY_CASE("shutdown: SHUT_RDWR does both") {
  Pair p = tcp_pair(family);
  REQUIRE_OK(shutdown(p.client, SHUT_RDWR));
  char byte = 0;
  CHECK_RETURNS(recv(p.client, &byte, 1, 0), 0);
  CHECK_FAILS(send(p.client, "x", 1, MSG_NOSIGNAL), EPIPE);
  CHECK(receive_to_end(p.server).empty());
}

FAMILY_CASE("shutdown: twice is fine while the connection lasts") {
  Pair p = tcp_pair(family);
  CHECK_OK(shutdown(p.client, SHUT_WR));
  CHECK_OK(shutdown(p.client, SHUT_WR));
  CHECK_OK(shutdown(p.client, SHUT_RD));
  CHECK_OK(shutdown(p.client, SHUT_RD));
}

FAMILY_CASE("shutdown: on an unconnected socket gives ENOTCONN") {
  Fd fresh = tcp(family);
  CHECK_FAILS(shutdown(fresh, SHUT_WR), ENOTCONN);
  CHECK_FAILS(shutdown(fresh, SHUT_RD), ENOTCONN);
  CHECK_FAILS(shutdown(fresh, SHUT_RDWR), ENOTCONN);
  Bound b = bound_tcp(family);
  CHECK_FAILS(shutdown(b.fd, SHUT_RDWR), ENOTCONN);
}

FAMILY_CASE("shutdown: an unknown way gives EINVAL") {
  Pair p = tcp_pair(family);
  CHECK_FAILS(shutdown(p.client, -1), EINVAL);
  CHECK_FAILS(shutdown(p.client, 77), EINVAL);
}

FAMILY_CASE("shutdown: a listener stops listening") {
  Bound l = listener(family);
  CHECK_OK(shutdown(l.fd, SHUT_RD));
  Fd client = tcp(family);
  CHECK_FAILS(connect(client, l.address.get(), l.address.length), ECONNREFUSED);
  CHECK_FAILS(accept(l.fd, nullptr, nullptr), EINVAL);
}

FAMILY_CASE("shutdown: the end of the stream repeats") {
  Pair p = tcp_pair(family);
  p.client.reset();
  char byte = 0;
  CHECK_RETURNS(recv(p.server, &byte, 1, 0), 0);
  CHECK_RETURNS(recv(p.server, &byte, 1, 0), 0);
  CHECK_RETURNS(read(p.server, &byte, 1), 0);
}

FAMILY_CASE("shutdown: all data comes before the end") {
  Pair p = tcp_pair(family);
  std::string data = pattern(0, 100000);
  send_all(p.client, data);
  p.client.reset();
  CHECK(receive_to_end(p.server) == data);
}

FAMILY_CASE("shutdown: the peer's half-close leaves the other direction open") {
  Peer peer;
  Fd fd = connected(peer, family);
  peer.begin("send 10; halfclose; recv 20; eof");
  CHECK(receive_to_end(fd) == pattern(0, 10));
  send_all(fd, pattern(0, 20));
  REQUIRE_OK(shutdown(fd, SHUT_WR));
  peer.finish();
}

FAMILY_CASE("shutdown: SHUT_WR delivers all that was sent before") {
  Peer peer;
  Fd fd = connected(peer, family);
  peer.begin("sleep 30; recv 3000000; eof; say done");
  send_all(fd, pattern(0, 3000000));
  REQUIRE_OK(shutdown(fd, SHUT_WR));
  CHECK(receive(fd, 4) == "done");
  peer.finish();
}

FAMILY_CASE("reset: recv gives ECONNRESET once, then the end") {
  Peer peer;
  Fd fd = connected(peer, family);
  peer.call("reset");
  REQUIRE(readable(fd));
  char byte = 0;
  CHECK_FAILS(recv(fd, &byte, 1, 0), ECONNRESET);
  CHECK_RETURNS(recv(fd, &byte, 1, 0), 0);
  CHECK_RETURNS(recv(fd, &byte, 1, 0), 0);
}

FAMILY_CASE("reset: a blocked recv wakes up with ECONNRESET") {
  Peer peer;
  Fd fd = connected(peer, family);
  peer.begin("sleep 40; reset");
  char byte = 0;
  CHECK_FAILS(recv(fd, &byte, 1, 0), ECONNRESET);
  peer.finish();
}

FAMILY_CASE("reset: SO_ERROR tells it and clears it") {
  Peer peer;
  Fd fd = connected(peer, family);
  peer.call("reset");
  REQUIRE((wait_for(fd, POLLIN) & POLLERR) != 0);
  CHECK(errno_name(int_option(fd, SOL_SOCKET, SO_ERROR)) == "ECONNRESET");
  CHECK(int_option(fd, SOL_SOCKET, SO_ERROR) == 0);
  char byte = 0;
  CHECK_RETURNS(recv(fd, &byte, 1, 0), 0);
}

FAMILY_CASE("reset: send gives ECONNRESET once, then EPIPE") {
  Peer peer;
  Fd fd = connected(peer, family);
  peer.call("reset");
  REQUIRE((wait_for(fd, POLLIN) & POLLERR) != 0);
  CHECK_FAILS(send(fd, "x", 1, MSG_NOSIGNAL), ECONNRESET);
  CHECK_FAILS(send(fd, "x", 1, MSG_NOSIGNAL), EPIPE);
}

FAMILY_CASE("reset: data that came before the reset is read first, then the error") {
  Peer peer;
  Fd fd = connected(peer, family);
  peer.call("send 5; reset");
  REQUIRE((wait_for(fd, POLLERR) & POLLERR) != 0);
  char buffer[8];
  CHECK_RETURNS(recv(fd, buffer, sizeof buffer, 0), 5);
  CHECK_FAILS(recv(fd, buffer, sizeof buffer, 0), ECONNRESET);
  CHECK_RETURNS(recv(fd, buffer, sizeof buffer, 0), 0);
}

FAMILY_CASE("reset: poll shows POLLERR and POLLHUP") {
  Peer peer;
  Fd fd = connected(peer, family);
  peer.call("reset");
  REQUIRE(readable(fd));
  short events = wait_for(fd, POLLIN | POLLOUT);
  CHECK((events & POLLERR) != 0);
  CHECK((events & POLLHUP) != 0);
  CHECK((events & POLLIN) != 0);
}

FAMILY_CASE("broken pipe: sending to a closed peer fails in the end, and every time after") {
  Peer peer;
  Fd fd = connected(peer, family);
  peer.call("close");
  // The first send is answered by a reset, which a later one meets.
  int error = 0;
  for (int i = 0; i < 1000 && error == 0; ++i) {
    if (send(fd, "x", 1, MSG_NOSIGNAL) == -1)
      error = errno;
    else
      wait_for(fd, POLLERR, 1);
  }
  CHECK((errno_name(error) == "EPIPE" || errno_name(error) == "ECONNRESET"));
  CHECK_FAILS(send(fd, "x", 1, MSG_NOSIGNAL), EPIPE);
}
