// Connections that somebody outside the program resets: what the first call that sees it says, and what follows. The walk of
// operations/states_reset.cpp tries every single call; here are sequences, waits and what has no place there.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/sendfile.h>

#include "peer.h"

using namespace conformance;

namespace {

constexpr short every_event = POLLIN | POLLOUT | POLLRDHUP;
constexpr short over = POLLIN | POLLOUT | POLLRDHUP | POLLHUP;

char byte;

// A connection whose other end is the peer's.
struct Outside {
  Peer peer;
  Fd fd;
  explicit Outside(int family) : fd(tcp(family)) {
    const Address address = peer.listen(family);
    REQUIRE_OK(connect(fd, address.get(), address.length));
    peer.call("accept");
  }
  // A host looks at its sockets only when the guest suspends, which an answer that was there doesn't need.
  void does(const std::string& steps) {
    peer.call(steps);
    REQUIRE_OK(poll(nullptr, 0, 1));
  }
};

short events_of(int fd, short wanted = every_event) {
  pollfd entry = {fd, wanted, 0};
  REQUIRE(poll(&entry, 1, 0) >= 0);
  return entry.revents;
}

int error_of(int fd) { return int_option(fd, SOL_SOCKET, SO_ERROR); }

long long dissolve(int fd) {
  sockaddr none{};
  none.sa_family = AF_UNSPEC;
  return connect(fd, &none, sizeof none);
}

uint32_t epoll_events(int fd, uint32_t wanted) {
  Fd set(epoll_create1(0));
  epoll_event event{};
  event.events = wanted;
  REQUIRE_OK(epoll_ctl(set, EPOLL_CTL_ADD, fd, &event));
  epoll_event told{};
  return epoll_wait(set, &told, 1, 0) == 1 ? told.events : 0;
}

}  // namespace

FAMILY_CASE("outside reset: SO_ERROR tells it once, then the stream has ended") {
  Outside o(family);
  o.does("reset");
  CHECK(error_of(o.fd) == ECONNRESET);
  CHECK(error_of(o.fd) == 0);
  CHECK(events_of(o.fd) == over);
  CHECK_RETURNS(recv(o.fd, &byte, 1, 0), 0);
  CHECK_FAILS(send(o.fd, &byte, 1, MSG_NOSIGNAL), EPIPE);
}

FAMILY_CASE("outside reset: behind an end it is a broken pipe, which poll shows") {
  Outside o(family);
  o.does("halfclose");
  CHECK(events_of(o.fd) == (POLLIN | POLLOUT | POLLRDHUP));
  CHECK_RETURNS(recv(o.fd, &byte, 1, 0), 0);
  o.does("reset");
  CHECK(events_of(o.fd) == (over | POLLERR));
  CHECK(error_of(o.fd) == EPIPE);
  CHECK(events_of(o.fd) == over);
  CHECK_RETURNS(recv(o.fd, &byte, 1, 0), 0);
}

FAMILY_CASE("outside reset: after both ends have ended there is none") {
  Outside o(family);
  REQUIRE_OK(shutdown(o.fd, SHUT_WR));
  o.does("eof;halfclose");
  o.does("reset");
  CHECK(events_of(o.fd) == over);
  CHECK(error_of(o.fd) == 0);
  CHECK_FAILS(shutdown(o.fd, SHUT_RDWR), ENOTCONN);
}

FAMILY_CASE("outside reset: epoll tells of it whoever asked for input only") {
  for (const uint32_t mode : {0u, static_cast<uint32_t>(EPOLLET)}) {
    Outside o(family);
    o.does("say hello;reset");
    CHECK(epoll_events(o.fd, EPOLLIN | mode) == (EPOLLIN | EPOLLERR | EPOLLHUP));
    char data[8];
    CHECK_RETURNS(recv(o.fd, data, sizeof data, 0), 5);
    CHECK_FAILS(recv(o.fd, data, sizeof data, 0), ECONNRESET);
  }
}

FAMILY_CASE("outside reset: epoll tells of it behind data that it told of before") {
  for (const uint32_t mode : {0u, static_cast<uint32_t>(EPOLLET)}) {
    Outside o(family);
    Fd set(epoll_create1(0));
    epoll_event event{};
    event.events = EPOLLIN | mode;
    REQUIRE_OK(epoll_ctl(set, EPOLL_CTL_ADD, o.fd, &event));
    o.does("say hello");
    REQUIRE_RETURNS(epoll_wait(set, &event, 1, 8000), 1);
    CHECK(event.events == EPOLLIN);
    o.does("reset");
    REQUIRE_RETURNS(epoll_wait(set, &event, 1, 8000), 1);
    CHECK(event.events == (EPOLLIN | EPOLLERR | EPOLLHUP));
  }
}

FAMILY_CASE("outside reset: poll for input shows it behind data that is left unread") {
  Outside o(family);
  o.does("say hello");
  REQUIRE(readable(o.fd));
  CHECK(events_of(o.fd, POLLIN) == POLLIN);
  o.does("reset");
  CHECK(events_of(o.fd, POLLIN) == (POLLIN | POLLERR | POLLHUP));
}

FAMILY_CASE("outside reset: a program that polls without waiting comes to see it behind its data") {
  Outside o(family);
  o.does("say hello");
  REQUIRE(readable(o.fd));
  o.peer.begin("sleep 20;reset");
  const Stopwatch watch;
  while ((events_of(o.fd, POLLIN) & POLLERR) == 0) REQUIRE(watch.elapsed() < 5000);
  o.peer.finish();
  CHECK(error_of(o.fd) == ECONNRESET);
}

FAMILY_CASE("outside reset: select has it readable and writable, not exceptional") {
  Outside o(family);
  o.does("reset");
  fd_set in, out, except;
  FD_ZERO(&in);
  FD_SET(o.fd, &in);
  out = except = in;
  timeval at_once{};
  CHECK_RETURNS(select(o.fd + 1, &in, &out, &except, &at_once), 2);
  CHECK(FD_ISSET(o.fd, &in));
  CHECK(FD_ISSET(o.fd, &out));
  CHECK_FALSE(FD_ISSET(o.fd, &except));
  CHECK(error_of(o.fd) == ECONNRESET);
}

FAMILY_CASE("outside reset: it ends every wait") {
  {
    Outside o(family);
    o.peer.begin("sleep 30;reset");
    CHECK_FAILS(recv(o.fd, &byte, 1, 0), ECONNRESET);
    o.peer.finish();
  }
  {
    Outside o(family);
    set_timeout(o.fd, SO_RCVTIMEO, 6000);
    o.peer.begin("sleep 30;say hello;reset");
    char data[8];
    CHECK_RETURNS(recv(o.fd, data, sizeof data, MSG_WAITALL), 5);
    CHECK_FAILS(recv(o.fd, data, sizeof data, 0), ECONNRESET);
    o.peer.finish();
  }
  {
    Outside o(family);
    o.peer.begin("sleep 30;reset");
    pollfd entry = {o.fd, 0, 0};
    CHECK_RETURNS(poll(&entry, 1, 8000), 1);
    CHECK(entry.revents == (POLLERR | POLLHUP));
    o.peer.finish();
  }
  {
    Outside o(family);
    set_nonblocking(o.fd);
    fill(o.fd);
    set_nonblocking(o.fd, false);
    o.peer.begin("sleep 30;reset");
    CHECK_FAILS(send(o.fd, &byte, 1, MSG_NOSIGNAL), ECONNRESET);
    CHECK_FAILS(send(o.fd, &byte, 1, MSG_NOSIGNAL), EPIPE);
    o.peer.finish();
  }
}

FAMILY_CASE("outside reset: the first send says it, also one that may be held back") {
  const auto first_send = [&](int option, int flags) {
    Outside o(family);
    const int on = 1;
    if (option != 0) REQUIRE_OK(setsockopt(o.fd, IPPROTO_TCP, option, &on, sizeof on));
    o.does("reset");
    CHECK_FAILS(send(o.fd, &byte, 1, flags | MSG_NOSIGNAL), ECONNRESET);
    CHECK_FAILS(send(o.fd, &byte, 1, flags | MSG_NOSIGNAL), EPIPE);
    CHECK(events_of(o.fd) == over);
    CHECK_RETURNS(recv(o.fd, &byte, 1, 0), 0);
  };
  first_send(0, 0);
  first_send(0, MSG_MORE);
  first_send(TCP_NODELAY, 0);
  first_send(TCP_CORK, 0);
}

FAMILY_CASE("outside reset: what was held back before it tells the next call") {
  Outside o(family);
  CHECK_RETURNS(send(o.fd, &byte, 1, MSG_MORE), 1);
  o.does("reset");
  CHECK_FAILS(send(o.fd, &byte, 1, MSG_NOSIGNAL), ECONNRESET);
  CHECK_FAILS(send(o.fd, &byte, 1, MSG_NOSIGNAL), EPIPE);
  CHECK_RETURNS(recv(o.fd, &byte, 1, 0), 0);
}

FAMILY_CASE("outside reset: sendfile and writev say it") {
  Fd file = open_scratch("file");
  REQUIRE_RETURNS(write(file, "abc", 3), 3);
  Outside o(family);
  o.does("reset");
  off_t offset = 0;
  CHECK_FAILS(sendfile(o.fd, file, &offset, 3), ECONNRESET);
  CHECK(offset == 0);
  CHECK_FAILS(sendfile(o.fd, file, &offset, 3), EPIPE);
}

FAMILY_CASE("outside reset: options can still be set, and don't take the error") {
  Outside o(family);
  o.does("reset");
  const int on = 1, size = 20000;
  CHECK_OK(setsockopt(o.fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on));
  CHECK(int_option(o.fd, SOL_SOCKET, SO_KEEPALIVE) == 1);
  CHECK_OK(setsockopt(o.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));
  CHECK_OK(setsockopt(o.fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size));
  CHECK_OK(setsockopt(o.fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size));
  CHECK(error_of(o.fd) == ECONNRESET);
}

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
