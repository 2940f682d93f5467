// Connections that somebody outside the program resets: what the first call that sees it says, and what follows. The walk of
// operations/states_reset.cpp tries every single call; here are sequences, waits and what has no place there.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <time.h>

#include "outside_reset_help.h"
#include "peer.h"

using namespace conformance;
using namespace outside_reset;

namespace {

char byte;

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

FAMILY_CASE("outside reset: epoll tells of it behind an end that it told of before") {
  for (const uint32_t mode : {0u, static_cast<uint32_t>(EPOLLET)}) {
    Outside o(family);
    Fd set(epoll_create1(0));
    epoll_event event{};
    event.events = EPOLLIN | EPOLLRDHUP | mode;
    REQUIRE_OK(epoll_ctl(set, EPOLL_CTL_ADD, o.fd, &event));
    o.does("halfclose");
    REQUIRE_RETURNS(epoll_wait(set, &event, 1, 8000), 1);
    CHECK(event.events == (EPOLLIN | EPOLLRDHUP));
    o.does("reset");
    REQUIRE_RETURNS(epoll_wait(set, &event, 1, 0), 1);
    CHECK(event.events == (EPOLLIN | EPOLLRDHUP | EPOLLERR | EPOLLHUP));
    CHECK(error_of(o.fd) == EPIPE);
  }
}

FAMILY_CASE("outside reset: it ends a wait for nothing that began after the end") {
  Outside o(family);
  o.does("halfclose");
  CHECK_RETURNS(recv(o.fd, &byte, 1, 0), 0);
  o.peer.begin("sleep 20;reset");
  pollfd entry = {o.fd, 0, 0};
  CHECK_RETURNS(poll(&entry, 1, 200),
                DIFFERS_ON_WASI("A host has nothing to wait for once its stream has ended; the next look tells", 1, 0));
  o.peer.finish();
  CHECK(events_of(o.fd) == (over | POLLERR));
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

FAMILY_CASE("outside reset: poll sees it behind unread data, also if the time since passed in a sleep") {
  Outside o(family);
  o.does("say abc");
  CHECK(events_of(o.fd) == (POLLIN | POLLOUT));
  o.peer.begin("sleep 20;reset");
  const timespec pause = {0, 100000000};
  CHECK_OK(clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, nullptr));
  CHECK(events_of(o.fd) == (over | POLLERR));
  o.peer.finish();
}
