// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP listening and accepting: readiness that is true, connections that are gone, hosts short of budget or sockets.
#include "fd/limits.h"
#include "scene.h"
#include "tcp.h"

using fake::ms;

TEST_CASE("tcp accept: a waiting client is taken, with its address") {
  Scene scene;
  const int number = listener(5000);
  const Peer peer = host().connects_to(5000);
  sockaddr_in name = {};
  socklen_t length = sizeof name;
  const int accepted = guest::accept(number, any(name), &length);
  REQUIRE(accepted >= 0);
  CHECK(ntohs(name.sin_port) == peer->peer.port);
  CHECK_THAT(guest::send(accepted, "hi", 2, 0), Returns(2));
  CHECK(peer->received() == "hi");
}

TEST_CASE("tcp accept: poll says the truth about a listener") {
  Scene scene;
  const int number = listener(5000, SOCK_NONBLOCK);
  CHECK(polled(number, POLLIN) == 0);
  CHECK_THAT(guest::accept(number, nullptr, nullptr), Fails(EAGAIN));
  host().after(12 * ms, [] { host().connects_to(5000); });
  CHECK_MS(12, CHECK(polled(number, POLLIN, 100) == POLLIN));
  CHECK(polled(number, POLLIN) == POLLIN);
  CHECK_THAT(guest::accept(number, nullptr, nullptr), Succeeds());
  CHECK(polled(number, POLLIN) == 0);
}

TEST_CASE("tcp accept: a client that is gone again neither counts nor kills") {
  Scene scene;
  const int number = listener(5000, SOCK_NONBLOCK);
  host().aborts_to(5000);
  CHECK(polled(number, POLLIN) == 0);
  host().aborts_to(5000, ErrorCode::connection_reset);
  const Peer peer = host().connects_to(5000);
  const int accepted = guest::accept(number, nullptr, nullptr);
  REQUIRE(accepted >= 0);
  peer->sends("x");
  CHECK(received(accepted, 1) == "x");
}

TEST_CASE("tcp accept: a host out of its budget doesn't hide a waiting client") {
  Scene scene;
  host().budget = true;
  const int number = listener(5000, SOCK_NONBLOCK);
  for (int i = 0; i < 300; ++i) {
    host().connects_to(5000);
    const int accepted = guest::accept(number, nullptr, nullptr);
    REQUIRE(accepted >= 0);
    guest::close(accepted);
  }
}

TEST_CASE("tcp accept: SO_RCVTIMEO ends the wait") {
  Scene scene;
  const int number = listener(5000);
  set_timeout(number, SO_RCVTIMEO, 35);
  CHECK_MS(35, CHECK_THAT(guest::accept(number, nullptr, nullptr), Fails(EAGAIN)));
}

TEST_CASE("tcp accept: O_NONBLOCK stays with the listener, options go along") {
  Scene scene;
  const int number = listener(5000, SOCK_NONBLOCK);
  REQUIRE(set_option(number, SOL_SOCKET, SO_KEEPALIVE, 1) == 0);
  set_timeout(number, SO_RCVTIMEO, 20);
  host().connects_to(5000);
  const int accepted = guest::accept(number, nullptr, nullptr);
  REQUIRE(accepted >= 0);
  CHECK((guest::fcntl(accepted, F_GETFL, 0) & O_NONBLOCK) == 0);
  CHECK(get_option(accepted, SOL_SOCKET, SO_KEEPALIVE) == 1);
  CHECK_MS(20, CHECK(received(accepted, 1) == "[EAGAIN]"));
}

TEST_CASE("tcp accept: a host without sockets left says EMFILE and goes on later") {
  Scene scene;
  const int number = listener(5000, SOCK_NONBLOCK);
  host().connects_to(5000);
  host().fails("tcp-socket.accept", ErrorCode::new_socket_limit);
  CHECK_THAT(guest::accept(number, nullptr, nullptr), Fails(EMFILE));
  CHECK_THAT(guest::accept(number, nullptr, nullptr), Succeeds());
}

TEST_CASE("tcp accept: ending a listener drops the client that was accepted ahead") {
  Scene scene;
  const int number = listener(5000);
  host().connects_to(5000);
  host().connects_to(5000);
  REQUIRE(polled(number, POLLIN) == POLLIN);
  SECTION("close") {
    CHECK_THAT(guest::close(number), Returns(0));
    CHECK(fake::live_handles() == 0);
  }
  SECTION("shutdown") {
    CHECK_THAT(guest::shutdown(number, SHUT_RD), Returns(0));
    CHECK(fake::live_handles(fake::Kind::tcp_socket) == 1);
    CHECK_THAT(guest::accept(number, nullptr, nullptr), Fails(EINVAL));
  }
}

TEST_CASE("tcp accept: listening on a port in use is EADDRINUSE") {
  Scene scene;
  listener(5000);
  const int second = tcp();
  CHECK_THAT(bind_to(second, "127.0.0.1", 5000), Fails(EADDRINUSE));
  CHECK_THAT(bind_to(second, "192.0.2.1", 0), Fails(EADDRNOTAVAIL));
  CHECK_THAT(bind_to(second, "127.0.0.1", 5001), Returns(0));
}

TEST_CASE("tcp accept: hosts that need time to bind and to listen get it") {
  Scene scene;
  host().fails("tcp-socket.finish-bind", ErrorCode::would_block);
  host().fails("tcp-socket.finish-bind", ErrorCode::would_block);
  host().fails("tcp-socket.finish-listen", ErrorCode::would_block);
  const int number = listener(5000);
  CHECK(host().connects_to(5000) != nullptr);
  CHECK_THAT(guest::accept(number, nullptr, nullptr), Succeeds());
}
