// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP connecting: every outcome, and the same descriptor connecting again after a failure.
#include "scene.h"
#include "tcp.h"

using fake::ms;

namespace {

sockaddr_in name_of(int number) {
  sockaddr_in name = {};
  socklen_t length = sizeof name;
  guest::getsockname(number, any(name), &length);
  return name;
}

}  // namespace

TEST_CASE("tcp connect: a blocking connect waits for the outcome") {
  Scene scene;
  const int number = tcp();
  host().will_connect(40 * ms);
  CHECK_MS(40, CHECK_THAT(connect_to(number), Returns(0)));
  CHECK_THAT(connect_to(number), Fails(EISCONN));
  CHECK(name_of(number).sin_port != 0);
}

TEST_CASE("tcp connect: without waiting it is EINPROGRESS, EALREADY, then connected") {
  Scene scene;
  const int number = tcp(SOCK_NONBLOCK);
  const Peer peer = host().will_connect(40 * ms);
  CHECK_THAT(connect_to(number), Fails(EINPROGRESS));
  CHECK_THAT(connect_to(number), Fails(EALREADY));
  CHECK(polled(number, POLLOUT) == 0);
  // connect() itself gave the host 5 ms, as the address is loopback's.
  CHECK_MS(35, CHECK(polled(number, POLLOUT, 1000) == POLLOUT));
  CHECK(get_option(number, SOL_SOCKET, SO_ERROR) == 0);
  CHECK_THAT(connect_to(number), Returns(0));
  CHECK_THAT(connect_to(number), Fails(EISCONN));
  CHECK_THAT(guest::send(number, "x", 1, 0), Returns(1));
  CHECK(peer->received() == "x");
}

TEST_CASE("tcp connect: every error of the host is its errno, then the descriptor connects again") {
  struct Outcome {
    ErrorCode code;
    int error;
  };
  const auto [code, error] =
      GENERATE(Outcome{ErrorCode::connection_refused, ECONNREFUSED}, Outcome{ErrorCode::timeout, ETIMEDOUT},
               Outcome{ErrorCode::remote_unreachable, EHOSTUNREACH}, Outcome{ErrorCode::connection_reset, ECONNRESET},
               Outcome{ErrorCode::connection_aborted, ECONNABORTED}, Outcome{ErrorCode::access_denied, EACCES},
               Outcome{ErrorCode::address_in_use, EADDRINUSE}, Outcome{ErrorCode::address_not_bindable, EADDRNOTAVAIL});
  Scene scene;
  const int number = tcp();
  host().will_fail_to_connect(code, 5 * ms);
  CHECK_THAT(connect_to(number), Fails(error));
  const Peer peer = host().will_connect();
  CHECK_THAT(connect_to(number), Returns(0));
  CHECK_THAT(guest::send(number, "again", 5, 0), Returns(5));
  CHECK(peer->received() == "again");
}

TEST_CASE("tcp connect: a refusal without waiting is told by poll and SO_ERROR once") {
  Scene scene;
  const int number = tcp(SOCK_NONBLOCK);
  host().will_fail_to_connect(ErrorCode::connection_refused, 3 * ms);
  CHECK_THAT(connect_to(number), Fails(EINPROGRESS));
  CHECK((polled(number, POLLOUT, 100) & (POLLOUT | POLLERR | POLLHUP)) == (POLLOUT | POLLERR | POLLHUP));
  CHECK(get_option(number, SOL_SOCKET, SO_ERROR) == ECONNREFUSED);
  CHECK(get_option(number, SOL_SOCKET, SO_ERROR) == 0);
}

TEST_CASE("tcp connect: options and binding come along to the next attempt") {
  Scene scene;
  const int number = tcp();
  REQUIRE(bind_to(number, "127.0.0.1", 5000) == 0);
  REQUIRE(set_option(number, SOL_SOCKET, SO_KEEPALIVE, 1) == 0);
  REQUIRE(set_option(number, IPPROTO_TCP, TCP_KEEPIDLE, 77) == 0);
  REQUIRE(set_option(number, IPPROTO_TCP, TCP_KEEPCNT, 3) == 0);
  REQUIRE(set_option(number, IPPROTO_IP, IP_TTL, 9) == 0);
  host().will_fail_to_connect(ErrorCode::connection_refused);
  CHECK_THAT(connect_to(number), Fails(ECONNREFUSED));
  host().will_connect();
  CHECK_THAT(connect_to(number), Returns(0));
  REQUIRE(fake::tcp_sockets().size() == 1);
  const fake::TcpSocket& socket = *fake::tcp_sockets()[0];
  CHECK(socket.local.port == 5000);
  CHECK(socket.options.keep_alive == 1);
  CHECK(socket.options.idle_time == 77 * fake::s);
  CHECK(socket.options.count == 3);
  CHECK(socket.options.hop_limit == 9);
  CHECK(ntohs(name_of(number).sin_port) == 5000);
}

TEST_CASE("tcp connect: the port that bind chose stays the same after a failure") {
  Scene scene;
  const int number = tcp();
  REQUIRE(bind_to(number) == 0);
  const uint16_t port = name_of(number).sin_port;
  REQUIRE(port != 0);
  host().will_fail_to_connect(ErrorCode::connection_refused);
  CHECK_THAT(connect_to(number), Fails(ECONNREFUSED));
  CHECK(name_of(number).sin_port == port);
}

TEST_CASE("tcp connect: an option set while connecting holds for the connection") {
  Scene scene;
  const int number = tcp(SOCK_NONBLOCK);
  host().will_connect(10 * ms);
  CHECK_THAT(connect_to(number), Fails(EINPROGRESS));
  REQUIRE(set_option(number, SOL_SOCKET, SO_KEEPALIVE, 1) == 0);
  CHECK(get_option(number, SOL_SOCKET, SO_KEEPALIVE) == 1);
  CHECK(polled(number, POLLOUT, 100) == POLLOUT);
  CHECK(fake::tcp_sockets()[0]->options.keep_alive == 1);
}

TEST_CASE("tcp connect: SO_SNDTIMEO ends the wait, not the attempt") {
  Scene scene;
  const int number = tcp();
  set_timeout(number, SO_SNDTIMEO, 30);
  host().will_connect(100 * ms);
  CHECK_MS(30, CHECK_THAT(connect_to(number), Fails(EINPROGRESS)));
  CHECK_MS(70, CHECK(polled(number, POLLOUT, 1000) == POLLOUT));
}

TEST_CASE("tcp connect: closing in the middle of an attempt leaves nothing") {
  Scene scene;
  const int number = tcp(SOCK_NONBLOCK);
  host().will_never_connect();
  CHECK_THAT(connect_to(number), Fails(EINPROGRESS));
  CHECK(polled(number, POLLOUT) == 0);
  CHECK_THAT(guest::close(number), Returns(0));
  CHECK(fake::live_handles() == 0);
}

TEST_CASE("tcp connect: the wildcard means loopback") {
  Scene scene;
  const int number = tcp();
  CHECK_THAT(connect_to(number, "0.0.0.0", 80), Returns(0));
  CHECK(host().last_connection->peer == fake::ipv4("127.0.0.1", 80));
}

TEST_CASE("tcp connect: addresses that the host refuses are the kernel's errors") {
  Scene scene;
  const int number = tcp();
  CHECK_THAT(connect_to(number, "255.255.255.255", 80), Fails(ENETUNREACH));
  CHECK_THAT(connect_to(number, "224.0.0.1", 80), Fails(ENETUNREACH));
  CHECK_THAT(connect_to(number, "127.0.0.1", 0), Fails(ECONNREFUSED));
  CHECK_THAT(connect_to(number), Returns(0));
}

TEST_CASE("tcp connect: a host that refuses everything gives plain errors and no handles") {
  const char* import = GENERATE("create-tcp-socket", "tcp-socket.start-connect", "tcp-socket.finish-connect");
  const auto code = static_cast<ErrorCode>(GENERATE(range(0, wasi::error_code_count)));
  Scene scene;
  CAPTURE(import, static_cast<int>(code));
  host().fails(import, code);
  const int number = tcp();
  if (number < 0) {
    CHECK(errno != 0);
    return;
  }
  const int result = connect_to(number);
  if (result != 0) CHECK(errno != 0);
  guest::close(number);
  CHECK(fake::live_handles() == 0);
}

TEST_CASE("tcp connect: AF_UNSPEC makes a connected socket fresh again") {
  Scene scene;
  auto [number, peer] = connected();
  const sockaddr_in nobody = {.sin_family = AF_UNSPEC};
  CHECK_THAT(guest::connect(number, any(nobody), sizeof nobody), Returns(0));
  CHECK(peer->closed);
  CHECK_THAT(connect_to(number), Returns(0));
}

TEST_CASE("tcp connect: without a network it is EACCES") {
  Scene scene;
  host().grants_network = false;
  CHECK_THAT(tcp(), Fails(EACCES));
  CHECK_THAT(udp(), Fails(EACCES));
}

TEST_CASE("tcp connect: a host without IPv6 is EAFNOSUPPORT") {
  Scene scene;
  host().has_ipv6 = false;
  CHECK_THAT(guest::socket(AF_INET6, SOCK_STREAM, 0), Fails(EAFNOSUPPORT));
}

TEST_CASE("tcp connect: a host that had no descriptor for the next attempt says so, and the attempt after that works") {
  Scene scene;
  const int number = tcp();
  host().will_fail_to_connect(wasi::ErrorCode::connection_refused);
  CHECK_THAT(connect_to(number), Fails(ECONNREFUSED));
  host().fails("create-tcp-socket", wasi::ErrorCode::unknown);
  CHECK_THAT(connect_to(number), Fails(EMFILE));
  const Peer peer = host().will_connect();
  CHECK_THAT(connect_to(number), Returns(0));
}
