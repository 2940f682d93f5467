// accept() and accept4().
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <vector>

#include "peer.h"

using namespace conformance;

FAMILY_CASE("accept: gives a connected socket and the client's address") {
  Bound l = listener(family);
  Fd client = tcp(family);
  REQUIRE_OK(connect(client, l.address.get(), l.address.length));
  Address from;
  Fd server(accept(l.fd, from.get(), &from.length));
  REQUIRE_OK(int(server));
  CHECK(from.length == size_of(family));
  CHECK(from.family() == family);
  CHECK(from == local_address(client));
  CHECK(peer_address(server) == from);
  CHECK(local_address(server) == l.address);
}

FAMILY_CASE("accept: a short address buffer is filled and the full length told") {
  Bound l = listener(family);
  Fd client = tcp(family);
  REQUIRE_OK(connect(client, l.address.get(), l.address.length));
  Address from;
  std::memset(&from.storage, 0x55, sizeof from.storage);
  from.length = 4;
  Fd server(accept(l.fd, from.get(), &from.length));
  REQUIRE_OK(int(server));
  CHECK(from.length == size_of(family));
  CHECK(from.family() == family);
  const auto* bytes = reinterpret_cast<const unsigned char*>(&from.storage);
  CHECK(bytes[4] == 0x55);
}

FAMILY_CASE("accept: without an address") {
  Bound l = listener(family);
  Fd client = tcp(family);
  REQUIRE_OK(connect(client, l.address.get(), l.address.length));
  Fd server(accept(l.fd, nullptr, nullptr));
  CHECK_OK(int(server));
}

FAMILY_CASE("accept: an address of NULL ignores the length") {
  Bound l = listener(family);
  Fd client = tcp(family);
  REQUIRE_OK(connect(client, l.address.get(), l.address.length));
  socklen_t length = 77;
  Fd server(accept(l.fd, nullptr, &length));
  CHECK_OK(int(server));
  CHECK(length == 77);
}

FAMILY_CASE("accept: an address with a length of NULL gives EFAULT") {
  Bound l = listener(family);
  Fd client = tcp(family);
  REQUIRE_OK(connect(client, l.address.get(), l.address.length));
  Address from;
  socklen_t* volatile null = nullptr;
  CHECK_FAILS(accept(l.fd, from.get(), null), EFAULT);
}

FAMILY_CASE("accept: a negative length gives EINVAL") {
  Bound l = listener(family);
  Fd client = tcp(family);
  REQUIRE_OK(connect(client, l.address.get(), l.address.length));
  Address from;
  from.length = static_cast<socklen_t>(-1);
  CHECK_FAILS(accept(l.fd, from.get(), &from.length), EINVAL);
}

FAMILY_CASE("accept: without a connection a non-blocking listener gives EAGAIN") {
  Bound l = listener(family, 4, SOCK_NONBLOCK);
  CHECK_FAILS(accept(l.fd, nullptr, nullptr), EAGAIN);
  Fd client = tcp(family);
  REQUIRE_OK(connect(client, l.address.get(), l.address.length));
  REQUIRE(readable(l.fd));
  Fd server(accept(l.fd, nullptr, nullptr));
  CHECK_OK(int(server));
  CHECK_FAILS(accept(l.fd, nullptr, nullptr), EAGAIN);
}

FAMILY_CASE("accept: the new socket doesn't inherit O_NONBLOCK") {
  Bound l = listener(family, 4, SOCK_NONBLOCK);
  Fd client = tcp(family);
  REQUIRE_OK(connect(client, l.address.get(), l.address.length));
  REQUIRE(readable(l.fd));
  Fd server(accept(l.fd, nullptr, nullptr));
  REQUIRE_OK(int(server));
  CHECK((fcntl(server, F_GETFL) & O_NONBLOCK) == 0);
}

FAMILY_CASE("accept: accept4 sets the flags it is given") {
  Bound l = listener(family);
  Fd a = tcp(family);
  Fd b = tcp(family);
  REQUIRE_OK(connect(a, l.address.get(), l.address.length));
  REQUIRE_OK(connect(b, l.address.get(), l.address.length));
  Fd both(accept4(l.fd, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  REQUIRE_OK(int(both));
  CHECK((fcntl(both, F_GETFL) & O_NONBLOCK) != 0);
  CHECK_RETURNS(fcntl(both, F_GETFD), FD_CLOEXEC);
  Fd none(accept4(l.fd, nullptr, nullptr, 0));
  REQUIRE_OK(int(none));
  CHECK((fcntl(none, F_GETFL) & O_NONBLOCK) == 0);
  CHECK_RETURNS(fcntl(none, F_GETFD), 0);
}

FAMILY_CASE("accept: accept4 with an unknown flag gives EINVAL") {
  Bound l = listener(family);
  CHECK_FAILS(accept4(l.fd, nullptr, nullptr, 1), EINVAL);
  CHECK_FAILS(accept4(l.fd, nullptr, nullptr, -1), EINVAL);
}

FAMILY_CASE("accept: on a socket that doesn't listen gives EINVAL") {
  Fd fresh = tcp(family);
  CHECK_FAILS(accept(fresh, nullptr, nullptr), EINVAL);
  Bound b = bound_tcp(family);
  CHECK_FAILS(accept(b.fd, nullptr, nullptr), EINVAL);
  Pair p = tcp_pair(family);
  CHECK_FAILS(accept(p.client, nullptr, nullptr), EINVAL);
}

FAMILY_CASE("accept: on a UDP socket gives EOPNOTSUPP") {
  Bound b = bound_udp(family);
  CHECK_FAILS(accept(b.fd, nullptr, nullptr), EOPNOTSUPP);
}

FAMILY_CASE("accept: blocks until a client comes") {
  Bound l = listener(family);
  Peer peer;
  peer.begin("sleep 60; connect " + std::string(word(family)) + " " + std::to_string(l.address.port()) + "; name");
  Stopwatch watch;
  Address from;
  Fd server(accept(l.fd, from.get(), &from.length));
  REQUIRE_OK(int(server));
  CHECK(watch.elapsed() >= 40);
  CHECK(std::to_string(from.port()) == peer.finish());
}

FAMILY_CASE("accept: SO_RCVTIMEO bounds the wait") {
  Bound l = listener(family);
  set_timeout(l.fd, SO_RCVTIMEO, 60);
  Stopwatch watch;
  CHECK_FAILS(accept(l.fd, nullptr, nullptr), EAGAIN);
  CHECK(watch.elapsed() >= 50);
  CHECK(watch.elapsed() < 3000);
}

FAMILY_CASE("accept: a client that has gone is still accepted, and read to its end") {
  Bound l = listener(family);
  Peer peer;
  peer.call("connect " + std::string(word(family)) + " " + std::to_string(l.address.port()) + "; send 10; close");
  Fd server(accept(l.fd, nullptr, nullptr));
  REQUIRE_OK(int(server));
  CHECK(receive_to_end(server) == pattern(0, 10));
}

FAMILY_CASE("accept: a connection that was reset in the queue doesn't harm the listener") {
  Bound l = listener(family, 8, SOCK_NONBLOCK);
  Peer peer;
  peer.call("connect " + std::string(word(family)) + " " + std::to_string(l.address.port()) + "; reset");
  // Linux still hands such a connection out; the error shows when it is read.
  if (readable(l.fd, 200)) {
    Fd dead(accept(l.fd, nullptr, nullptr));
    char byte = 0;
    if (dead >= 0) CHECK_FAILS(recv(dead, &byte, 1, 0), ECONNRESET);
  }
  Fd client = tcp(family);
  REQUIRE_OK(connect(client, l.address.get(), l.address.length));
  REQUIRE(readable(l.fd));
  Fd server(accept(l.fd, nullptr, nullptr));
  REQUIRE_OK(int(server));
  CHECK(peer_address(server) == local_address(client));
}

FAMILY_CASE("accept: the accepted socket outlives the listener") {
  Pair p = tcp_pair(family);  // its listener is closed by now
  REQUIRE_RETURNS(send(p.server, "still here", 10, 0), 10);
  CHECK(receive(p.client, 10) == "still here");
}

FAMILY_CASE("accept: 200 connections at once") {
  Bound l = listener(family, 256);
  std::vector<Fd> clients, servers;
  for (int i = 0; i < 200; ++i) {
    clients.push_back(tcp(family));
    REQUIRE_OK(connect(clients.back(), l.address.get(), l.address.length));
  }
  for (int i = 0; i < 200; ++i) {
    servers.emplace_back(accept(l.fd, nullptr, nullptr));
    REQUIRE_OK(int(servers.back()));
  }
  int wrong = 0;
  for (std::size_t i = 0; i < 200; ++i) {
    std::string number = std::to_string(1000 + i);
    send_all(servers[i], number);
    if (receive(clients[i], 4) != number) ++wrong;
  }
  CHECK(wrong == 0);
}
