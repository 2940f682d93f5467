// Connections that somebody outside the program reset: what can still be read, and the socket used anew.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/sendfile.h>

#include "outside_reset_help.h"
#include "peer.h"

using namespace conformance;
using namespace outside_reset;

namespace {

char byte;

long long dissolve(int fd) {
  sockaddr none{};
  none.sa_family = AF_UNSPEC;
  return connect(fd, &none, sizeof none);
}

}  // namespace

FAMILY_CASE("outside reset: all that came before it can be read after SO_ERROR told it") {
  Outside o(family);
  o.does("send 40000");
  REQUIRE(readable(o.fd));
  o.does("reset");
  CHECK(error_of(o.fd) == ECONNRESET);
  int waiting = 0;
  CHECK_OK(ioctl(o.fd, FIONREAD, &waiting));
  CHECK(waiting == 40000);
  CHECK(receive(o.fd, 40000) == pattern(0, 40000));
  CHECK_RETURNS(recv(o.fd, &byte, 1, 0), 0);
}

FAMILY_CASE("outside reset: a peek sees the data, then the error") {
  Outside o(family);
  o.does("say ab;reset");
  char data[8];
  CHECK_RETURNS(recv(o.fd, data, sizeof data, MSG_PEEK), 2);
  CHECK_RETURNS(recv(o.fd, data, 1, 0), 1);
  CHECK_RETURNS(recv(o.fd, data, sizeof data, MSG_PEEK), 1);
  CHECK_RETURNS(recv(o.fd, data, sizeof data, 0), 1);
  CHECK_FAILS(recv(o.fd, data, sizeof data, MSG_PEEK), ECONNRESET);
  CHECK_RETURNS(recv(o.fd, data, sizeof data, MSG_PEEK), 0);
}

// What was called before bind(), and whether that took the error.
struct Before {
  const char* name;
  bool takes;
  void (*call)(int fd);
};

constexpr Before befores[] = {
    {"nothing", false, [](int) {}},
    {"send", true, [](int fd) { CHECK_FAILS(send(fd, &byte, 1, MSG_NOSIGNAL), ECONNRESET); }},
    {"an empty send", true, [](int fd) { CHECK_FAILS(send(fd, &byte, 0, MSG_NOSIGNAL), ECONNRESET); }},
    {"recv", true, [](int fd) { CHECK_FAILS(recv(fd, &byte, 1, 0), ECONNRESET); }},
    {"SO_ERROR", true, [](int fd) { CHECK(error_of(fd) == ECONNRESET); }},
    {"poll", false, [](int fd) { CHECK(events_of(fd) == (over | POLLERR)); }},
    {"poll for room", false, [](int fd) { CHECK(events_of(fd, POLLOUT) == (POLLOUT | POLLERR | POLLHUP)); }},
    {"shutdown", false, [](int fd) { CHECK_FAILS(shutdown(fd, SHUT_RDWR), ENOTCONN); }},
    {"shutdown of the sending side", false, [](int fd) { CHECK_FAILS(shutdown(fd, SHUT_WR), ENOTCONN); }},
};

FAMILY_CASE("outside reset: bind gives a new name, and all else stays as it was") {
  for (const Before& before : befores) {
    INFO("after " << before.name);
    Outside o(family);
    o.does("reset");
    before.call(o.fd);
    const Address address = Address::loopback(family);
    REQUIRE_OK(bind(o.fd, address.get(), address.length));
    CHECK(local_address(o.fd).is_loopback());
    CHECK(local_address(o.fd).port() != 0);
    CHECK(events_of(o.fd) == (before.takes ? over : over | POLLERR));
    CHECK(epoll_events(o.fd, EPOLLIN | EPOLLOUT) ==
          (EPOLLIN | EPOLLOUT | EPOLLHUP | (before.takes ? 0u : uint32_t{EPOLLERR})));
    int waiting = -1;
    CHECK_OK(ioctl(o.fd, FIONREAD, &waiting));
    CHECK(waiting == 0);
    if (before.takes) {
      CHECK_RETURNS(recv(o.fd, &byte, 1, MSG_DONTWAIT), 0);
    } else {
      CHECK_FAILS(recv(o.fd, &byte, 1, MSG_DONTWAIT), ECONNRESET);
    }
    CHECK_RETURNS(recv(o.fd, &byte, 1, 0), 0);
    CHECK_FAILS(send(o.fd, &byte, 1, MSG_NOSIGNAL), EPIPE);
    Address other;
    CHECK_FAILS(getpeername(o.fd, other.get(), &other.length), ENOTCONN);
    CHECK_FAILS(listen(o.fd, 1), EINVAL);
    CHECK_FAILS(connect(o.fd, address.get(), address.length), EISCONN);
    CHECK_FAILS(bind(o.fd, address.get(), address.length), EINVAL);
    CHECK_FAILS(shutdown(o.fd, SHUT_WR), ENOTCONN);
    CHECK(error_of(o.fd) == 0);
  }
}

FAMILY_CASE("outside reset: bind leaves what has arrived to be read") {
  for (const bool sends : {false, true}) {
    Outside o(family);
    o.does("send 30000;reset");
    if (sends) CHECK_FAILS(send(o.fd, &byte, 1, MSG_NOSIGNAL), ECONNRESET);
    const Address address = Address::loopback(family);
    REQUIRE_OK(bind(o.fd, address.get(), address.length));
    CHECK(events_of(o.fd) == (sends ? over : over | POLLERR));
    CHECK(receive(o.fd, 30000) == pattern(0, 30000));
    if (!sends) CHECK_FAILS(recv(o.fd, &byte, 1, 0), ECONNRESET);
    CHECK_RETURNS(recv(o.fd, &byte, 1, 0), 0);
  }
}

FAMILY_CASE("outside reset: a bind that fails changes nothing") {
  Bound taken = listener(family);
  Outside o(family);
  o.does("say ab;reset");
  REQUIRE_FAILS(bind(o.fd, taken.address.get(), taken.address.length), EADDRINUSE);
  char data[8];
  CHECK_RETURNS(recv(o.fd, data, sizeof data, 0), 2);
  CHECK_FAILS(recv(o.fd, data, sizeof data, 0), ECONNRESET);
  CHECK(events_of(o.fd) == over);
  const Address address = Address::loopback(family);
  CHECK_OK(bind(o.fd, address.get(), address.length));
  CHECK_RETURNS(recv(o.fd, data, sizeof data, 0), 0);
}

FAMILY_CASE("outside reset: dissolved, with or without another name, the socket connects again") {
  for (const bool binds : {false, true}) {
    for (const bool knows : {false, true}) {
      Outside o(family);
      o.does("say ab;reset");
      if (knows) CHECK(error_of(o.fd) == ECONNRESET);
      const Address address = Address::loopback(family);
      if (binds) REQUIRE_OK(bind(o.fd, address.get(), address.length));
      REQUIRE_OK(dissolve(o.fd));
      CHECK(error_of(o.fd) == (knows ? 0 : ECONNRESET));
      CHECK_FAILS(recv(o.fd, &byte, 1, 0), ENOTCONN);
      Bound l = listener(family);
      REQUIRE_OK(connect(o.fd, l.address.get(), l.address.length));
      Fd server(accept(l.fd, nullptr, nullptr));
      send_all(server, "again");
      CHECK(receive(o.fd, 5) == "again");
      send_all(o.fd, "well");
      CHECK(receive(server, 4) == "well");
    }
  }
}

FAMILY_CASE("outside reset: dissolved, the socket listens") {
  Outside o(family);
  o.does("reset");
  REQUIRE_OK(dissolve(o.fd));
  const Address address = Address::loopback(family);
  REQUIRE_OK(bind(o.fd, address.get(), address.length));
  REQUIRE_OK(listen(o.fd, 1));
  const Address own = local_address(o.fd);
  Fd client = tcp(family);
  REQUIRE_OK(connect(client, own.get(), own.length));
  CHECK(readable(o.fd));
  Fd server(accept(o.fd, nullptr, nullptr));
  CHECK_OK(int(server));
}

FAMILY_CASE("outside reset: a connection that connect() never told of says it instead") {
  Peer peer;
  const Address address = peer.listen(family);
  Fd fd = tcp(family, SOCK_NONBLOCK);
  if (connect(fd, address.get(), address.length) != 0) CHECK(errno == EINPROGRESS);
  REQUIRE(writable(fd));
  peer.call("accept;reset");
  CHECK_FAILS(connect(fd, address.get(), address.length), ECONNRESET);
  CHECK_FAILS(connect(fd, address.get(), address.length), EINPROGRESS);
  REQUIRE(writable(fd));
  CHECK_OK(connect(fd, address.get(), address.length));
}

FAMILY_CASE("outside reset: accept gives what was reset while it waited") {
  for (const bool speaks : {false, true}) {
    Bound l = listener(family);
    Peer peer;
    peer.call(std::string("connect ") + word(family) + " " + std::to_string(l.address.port()) +
              (speaks ? ";say hello;reset" : ";reset"));
    REQUIRE(readable(l.fd));
    Address from;
    Fd server(accept(l.fd, from.get(), &from.length));
    REQUIRE_OK(int(server));
    CHECK(from.length == size_of(family));
    CHECK(from.family() == family);
    CHECK(from.is_any() == DIFFERS_ON_WASI("A host doesn't tell any more who it was", false, true));
    CHECK((from.port() == 0) == DIFFERS_ON_WASI("A host doesn't tell any more who it was", false, true));
    CHECK(local_address(server) == l.address);
    CHECK_FAILS(getpeername(server, from.get(), &from.length), ENOTCONN);
    CHECK(events_of(server) == (over | POLLERR));
    char data[8];
    if (speaks) CHECK_RETURNS(recv(server, data, sizeof data, 0), 5);
    CHECK_FAILS(recv(server, data, sizeof data, 0), ECONNRESET);
    CHECK_RETURNS(recv(server, data, sizeof data, 0), 0);
  }
}

FAMILY_CASE("outside reset: accept gives those before and behind it, in order") {
  Bound l = listener(family);
  const std::string to = std::string("connect ") + word(family) + " " + std::to_string(l.address.port());
  Peer one, two, three;
  one.call(to + ";say one");
  two.call(to + ";say two;reset");
  three.call(to + ";say three");
  const char* wanted[] = {"one", "two", "three"};
  for (const char* text : wanted) {
    REQUIRE(readable(l.fd));
    Fd server(accept4(l.fd, nullptr, nullptr, 0));
    REQUIRE_OK(int(server));
    CHECK(receive(server, std::strlen(text)) == text);
    if (std::strcmp(text, "two") == 0) CHECK_FAILS(recv(server, &byte, 1, 0), ECONNRESET);
  }
}

FAMILY_CASE("outside reset: of an accepted connection every question has its answer") {
  const auto accepted = [&] {
    Bound l = listener(family);
    Peer peer;
    peer.call(std::string("connect ") + word(family) + " " + std::to_string(l.address.port()) + ";reset");
    REQUIRE(readable(l.fd));
    return Fd(accept(l.fd, nullptr, nullptr));
  };
  CHECK(error_of(accepted()) == ECONNRESET);
  CHECK_FAILS(shutdown(accepted(), SHUT_RDWR), ENOTCONN);
  CHECK_FAILS(send(accepted(), &byte, 0, MSG_NOSIGNAL), ECONNRESET);
  CHECK_FAILS(send(accepted(), &byte, 1, MSG_NOSIGNAL), ECONNRESET);
  CHECK_FAILS(connect(accepted(), Address::loopback(family, 1).get(), size_of(family)), EISCONN);
}
