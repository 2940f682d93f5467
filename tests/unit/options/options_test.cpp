// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Options where the host refuses, can't tell, or must be told again. The values themselves are compared with the
// kernel.
#include "scene.h"
#include "tcp.h"

TEST_CASE("options: the host's refusals are errnos") {
  Scene scene;
  const int number = tcp();
  host().fails("tcp-socket.set-keep-alive-enabled", ErrorCode::not_supported);
  CHECK_THAT(set_option(number, SOL_SOCKET, SO_KEEPALIVE, 1), Fails(EOPNOTSUPP));
  host().fails("tcp-socket.set-hop-limit", ErrorCode::access_denied);
  CHECK_THAT(set_option(number, IPPROTO_IP, IP_TTL, 9), Fails(EACCES));
  CHECK_THAT(set_option(number, IPPROTO_IP, IP_TTL, 9), Returns(0));
  CHECK(get_option(number, IPPROTO_IP, IP_TTL) == 9);
}

TEST_CASE("options: durations and sizes reach the host in its units") {
  Scene scene;
  const int number = tcp();
  REQUIRE(set_option(number, IPPROTO_TCP, TCP_KEEPIDLE, 60) == 0);
  REQUIRE(set_option(number, IPPROTO_TCP, TCP_KEEPINTVL, 7) == 0);
  REQUIRE(set_option(number, SOL_SOCKET, SO_RCVBUF, 10000) == 0);
  const fake::TcpSocket& socket = *fake::tcp_sockets()[0];
  CHECK(socket.options.idle_time == 60 * fake::s);
  CHECK(socket.options.interval == 7 * fake::s);
  CHECK(get_option(number, SOL_SOCKET, SO_RCVBUF) >= 20000);
}

TEST_CASE("options: what was set is told even when the connection is lost") {
  Scene scene;
  const int number = tcp();
  REQUIRE(set_option(number, SOL_SOCKET, SO_KEEPALIVE, 1) == 0);
  host().will_fail_to_connect(ErrorCode::connection_refused);
  guest::fcntl(number, F_SETFL, O_NONBLOCK);
  CHECK_THAT(connect_to(number), Fails(EINPROGRESS));
  polled(number, POLLOUT, 10);
  CHECK(get_option(number, SOL_SOCKET, SO_KEEPALIVE) == 1);
}

TEST_CASE("options: asking never writes beyond the given length") {
  Scene scene;
  const int number = tcp();
  for (const int name : {SO_TYPE, SO_ERROR, SO_RCVBUF, SO_KEEPALIVE, SO_LINGER, SO_RCVTIMEO, SO_DOMAIN}) {
    for (socklen_t room = 0; room <= 20; ++room) {
      char value[24];
      std::memset(value, '#', sizeof value);
      socklen_t length = room;
      CHECK_THAT(guest::getsockopt(number, SOL_SOCKET, name, value, &length), Returns(0));
      CHECK(length <= room);
      CHECK(value[room] == '#');
    }
  }
}
