// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP sockets whose host socket is replaced while they still stand for a connection: nothing may be asked of what is gone.
#include <sys/epoll.h>
#include <sys/uio.h>

#include "scene.h"

namespace {

// Every call that could ask for a stream of the connection.
void ask_for_everything(int number) {
  char byte = 'x';
  iovec piece = {&byte, 1};
  int count = -1;
  CHECK(polled(number, POLLIN | POLLOUT) != 0);
  CHECK(polled(number, POLLRDHUP) != 0);
  const int set = guest::epoll_create1(0);
  epoll_event event = {};
  event.events = EPOLLIN | EPOLLOUT | EPOLLET;
  REQUIRE(guest::epoll_ctl(set, EPOLL_CTL_ADD, number, &event) == 0);
  CHECK(guest::epoll_wait(set, &event, 1, 0) == 1);
  CHECK_THAT(guest::ioctl(number, FIONREAD, &count), Returns(0));
  CHECK(count == 0);
  CHECK_THAT(guest::ioctl(number, TIOCOUTQ, &count), Returns(0));
  (void)guest::recv(number, &byte, 1, MSG_DONTWAIT | MSG_PEEK);
  (void)guest::readv(number, &piece, 1);
  CHECK_THAT(guest::recv(number, &byte, 1, 0), Returns(0));
  (void)guest::send(number, &byte, 1, MSG_MORE);
  CHECK_THAT(guest::send(number, &byte, 1, 0), Fails(EPIPE));
  CHECK_THAT(guest::writev(number, &piece, 1), Fails(EPIPE));
  CHECK_THAT(guest::shutdown(number, SHUT_RDWR), Fails(ENOTCONN));
  sockaddr_in name = {};
  socklen_t length = sizeof name;
  CHECK_THAT(guest::getpeername(number, any(name), &length), Fails(ENOTCONN));
  CHECK(get_option(number, SOL_SOCKET, SO_ERROR) == 0);
  CHECK(guest::close(set) == 0);
}

}  // namespace

TEST_CASE("tcp bind: a connection that a send found reset can be bound, and asked for all") {
  Scene scene;
  auto [number, peer] = connected();
  peer->resets();
  CHECK_THAT(guest::send(number, "x", 1, 0), Fails(ECONNRESET));
  CHECK_THAT(bind_to(number), Returns(0));
  ask_for_everything(number);
}

TEST_CASE("tcp bind: the same of one that nobody has seen reset, whose error is still to be told") {
  Scene scene;
  auto [number, peer] = connected();
  peer->resets();
  CHECK_THAT(bind_to(number), Returns(0));
  CHECK(get_option(number, SOL_SOCKET, SO_ERROR) == ECONNRESET);
  ask_for_everything(number);
}

TEST_CASE("tcp bind: what arrived before is read after it") {
  Scene scene;
  auto [number, peer] = connected();
  peer->sends("last words");
  peer->in.failure = "ConnectionReset";
  peer->out.failure = "connection-reset";
  SECTION("after a send found it") { CHECK_THAT(guest::send(number, "x", 1, 0), Fails(ECONNRESET)); }
  SECTION("unseen") {}
  CHECK_THAT(bind_to(number), Returns(0));
  CHECK(received(number, 100) == "last words");
  (void)get_option(number, SOL_SOCKET, SO_ERROR);
  ask_for_everything(number);
}

TEST_CASE("tcp bind: over in order, it can be bound, too") {
  Scene scene;
  auto [number, peer] = connected();
  REQUIRE(guest::shutdown(number, SHUT_WR) == 0);
  peer->finishes();
  CHECK_THAT(bind_to(number), Returns(0));
  ask_for_everything(number);
}

TEST_CASE("tcp bind: a failure leaves a connection that is over, with nothing to ask") {
  Scene scene;
  auto [number, peer] = connected();
  peer->resets();
  CHECK_THAT(guest::send(number, "x", 1, 0), Fails(ECONNRESET));
  SECTION("no new host socket") {
    host().fails("create-tcp-socket", ErrorCode::new_socket_limit);
    CHECK_THAT(bind_to(number), Fails(EMFILE));
  }
  SECTION("a taken port") {
    host().ports_in_use.push_back(5000);
    CHECK_THAT(bind_to(number, "127.0.0.1", 5000), Fails(EADDRINUSE));
  }
  SECTION("a host that binds nothing") {
    host().fails("tcp-socket.finish-bind", ErrorCode::access_denied);
    CHECK_THAT(bind_to(number), Fails(EACCES));
  }
  ask_for_everything(number);
}

TEST_CASE("tcp bind: dissolved after it, the socket connects again") {
  Scene scene;
  auto [number, peer] = connected();
  peer->resets();
  CHECK_THAT(bind_to(number), Returns(0));
  sockaddr none = {};
  none.sa_family = AF_UNSPEC;
  CHECK_THAT(guest::connect(number, &none, sizeof none), Returns(0));
  const Peer next = host().will_connect();
  CHECK_THAT(connect_to(number), Returns(0));
  next->sends("again");
  CHECK(received(number, 5) == "again");
}

TEST_CASE("tcp bind: dissolving needs no new host socket, the next connect does") {
  Scene scene;
  auto [number, peer] = connected();
  peer->resets();
  CHECK_THAT(guest::send(number, "x", 1, 0), Fails(ECONNRESET));
  host().fails("create-tcp-socket", ErrorCode::new_socket_limit);
  sockaddr none = {};
  none.sa_family = AF_UNSPEC;
  CHECK_THAT(guest::connect(number, &none, sizeof none), Returns(0));
  CHECK_THAT(connect_to(number), Fails(EMFILE));
  const Peer next = host().will_connect();
  CHECK_THAT(connect_to(number), Returns(0));
  next->sends("again");
  CHECK(received(number, 5) == "again");
}

TEST_CASE("tcp bind: an IPv6 socket that connects by IPv4 leaves its first host socket with all that hangs on it") {
  Scene scene;
  const int number = guest::socket(AF_INET6, SOCK_STREAM, 0);
  const sockaddr_in6 wildcard = to6("::", 0), mapped = to6("::ffff:127.0.0.1", 80);
  REQUIRE(guest::bind(number, any(wildcard), sizeof wildcard) == 0);
  host().will_fail_to_connect(ErrorCode::connection_refused);
  CHECK_THAT(guest::connect(number, any(mapped), sizeof mapped), Fails(ECONNREFUSED));
  const Peer peer = host().will_connect();
  CHECK_THAT(guest::connect(number, any(mapped), sizeof mapped), Returns(0));
  peer->resets();
  CHECK_THAT(guest::bind(number, any(wildcard), sizeof wildcard), Returns(0));
  CHECK(get_option(number, SOL_SOCKET, SO_ERROR) == ECONNRESET);
  ask_for_everything(number);
}
