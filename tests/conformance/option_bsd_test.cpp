// Options of the BSDs, which Linux lacks.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <netinet/tcp.h>

#include "net.h"

// So that Linux, too, is asked for something that it doesn't know.
#ifndef SO_NOSIGPIPE
#define SO_NOSIGPIPE 0x0800
#define SO_LISTENQLIMIT 0x1011
#define SO_PROTOTYPE SO_PROTOCOL
#define TCP_KEEPALIVE TCP_KEEPIDLE
#define TCP_NOPUSH TCP_CORK
#endif

using namespace conformance;

namespace {

// The value of an option, or -1 if there is none.
int value_of(int fd, int name) {
  int value = -1;
  socklen_t length = sizeof value;
  return getsockopt(fd, SOL_SOCKET, name, &value, &length) == 0 ? value : -1;
}

}  // namespace

FAMILY_CASE("options: SO_NOSIGPIPE is always on") {
  const bool has = DIFFERS_ON_WASI("An option of the BSDs", false, true);
  for (int type : {SOCK_STREAM, SOCK_DGRAM}) {
    Fd fd(socket(family, type, 0));
    CHECK(value_of(fd, SO_NOSIGPIPE) == (has ? 1 : -1));
    int value = 1;
    CHECK(setsockopt(fd, SOL_SOCKET, SO_NOSIGPIPE, &value, sizeof value) == (has ? 0 : -1));
    value = 0;
    CHECK_FAILS(setsockopt(fd, SOL_SOCKET, SO_NOSIGPIPE, &value, sizeof value), ENOPROTOOPT);
  }
}

FAMILY_CASE("options: SO_LISTENQLIMIT is the backlog") {
  const bool has = DIFFERS_ON_WASI("An option of the BSDs", false, true);
  Bound server = bound_tcp(family);
  CHECK(value_of(server.fd, SO_LISTENQLIMIT) == (has ? 0 : -1));
  for (int backlog : {7, 3}) {
    REQUIRE_OK(listen(server.fd, backlog));
    CHECK(value_of(server.fd, SO_LISTENQLIMIT) == (has ? backlog : -1));
  }
  Fd client = tcp(family);
  REQUIRE_OK(connect(client, server.address.get(), server.address.length));
  Fd accepted(accept(server.fd, nullptr, nullptr));
  CHECK(value_of(accepted, SO_LISTENQLIMIT) == (has ? 0 : -1));
  int value = 5;
  CHECK_FAILS(setsockopt(server.fd, SOL_SOCKET, SO_LISTENQLIMIT, &value, sizeof value), ENOPROTOOPT);
  CHECK(value_of(udp(family), SO_LISTENQLIMIT) == -1);
}

FAMILY_CASE("options: other systems' names mean the same options") {
  Fd fd = tcp(family);
  CHECK(int_option(fd, SOL_SOCKET, SO_PROTOTYPE) == IPPROTO_TCP);
  int seconds = 99, on = 1;
  REQUIRE_OK(setsockopt(fd, IPPROTO_TCP, TCP_KEEPALIVE, &seconds, sizeof seconds));
  CHECK(int_option(fd, IPPROTO_TCP, TCP_KEEPIDLE) == 99);
  REQUIRE_OK(setsockopt(fd, IPPROTO_TCP, TCP_NOPUSH, &on, sizeof on));
  CHECK(int_option(fd, IPPROTO_TCP, TCP_CORK) == 1);
}

FAMILY_CASE("options: SO_SNDLOWAT can be set") {
  const bool has = DIFFERS_ON_WASI("As on FreeBSD; Linux has a fixed 1", false, true);
  for (int type : {SOCK_STREAM, SOCK_DGRAM}) {
    Fd fd(socket(family, type, 0));
    CHECK(int_option(fd, SOL_SOCKET, SO_SNDLOWAT) == 1);
    int value = 2048;
    CHECK(setsockopt(fd, SOL_SOCKET, SO_SNDLOWAT, &value, sizeof value) == (has ? 0 : -1));
    CHECK(int_option(fd, SOL_SOCKET, SO_SNDLOWAT) == (has ? 2048 : 1));
  }
}
