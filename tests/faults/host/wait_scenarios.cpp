// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Waiting for several, names, standard input.
#include <netdb.h>
#include <sys/event.h>

#include "trial.h"

using namespace faults;

namespace {

struct Several {
  Stream connection;
  Fd listening;
  Fd datagrams;
  Fd timer;
  bool are_open() const { return connection.socket.is_open() && listening.is_open() && datagrams.is_open(); }
};

Several several() {
  Several all;
  all.connection = connected(Mode::polling);
  all.listening = listener(7000, SOCK_NONBLOCK);
  all.datagrams = udp(SOCK_NONBLOCK);
  const sockaddr_in local = address(6000);
  if (all.datagrams.is_open() && CALL(bind, all.datagrams, any(local), sizeof local) != 0) all.datagrams.close();
  all.timer = Fd(CALL(timerfd_create, CLOCK_MONOTONIC, TFD_NONBLOCK));
  const itimerspec in_4_ms = {{0, 0}, {0, 4000000}};
  if (all.timer.is_open()) (void)CALL(timerfd_settime, all.timer, 0, &in_4_ms, nullptr);
  return all;
}

// Everything becomes ready, one after the other.
void set_off(const Several& all) {
  world().after(2 * ms, [peer = all.connection.peer] { peer->sends("hello"); });
  world().after(6 * ms, [] { (void)world().connects_to(7000); });
  world().after(8 * ms, [] { world().arrives(6000, "datagram"); });
}

void take(Several& all, int number) {
  char room[20];
  if (number == all.connection.socket) (void)all.connection.recv(20);
  if (number == all.listening) (void)Fd(CALL(accept, all.listening, nullptr, nullptr));
  if (number == all.datagrams) (void)CALL(recv, all.datagrams, room, sizeof room, 0);
  if (number == all.timer) (void)CALL(read, all.timer, room, sizeof room);
}

void wait_with_epoll(uint32_t how) {
  Several all = several();
  if (!all.are_open()) return;
  const Fd epoll(CALL(epoll_create1, 0));
  if (!epoll.is_open()) return;
  for (const int number : {+all.connection.socket, +all.listening, +all.datagrams, +all.timer}) {
    epoll_event event = {};
    event.events = EPOLLIN | how;
    event.data.fd = number;
    (void)CALL(epoll_ctl, epoll, EPOLL_CTL_ADD, number, &event);
  }
  set_off(all);
  for (int i = 0; i < 8; ++i) {
    epoll_event events[4];
    const long count = CALL(epoll_wait, epoll, events, 4, 20);
    if (count == 0 || (count < 0 && errno != ENOMEM)) break;
    for (long at = 0; at < count; ++at) take(all, events[at].data.fd);
  }
}

}  // namespace

SCENARIO("wait: for several, with poll") {
  Several all = several();
  if (!all.are_open()) return;
  set_off(all);
  for (int i = 0; i < 8; ++i) {
    pollfd entries[] = {{all.connection.socket, POLLIN, 0},
                        {all.listening, POLLIN, 0},
                        {all.datagrams, POLLIN, 0},
                        {all.timer, POLLIN, 0}};
    const long count = CALL(poll, entries, 4, 20);
    if (count == 0 || (count < 0 && errno != ENOMEM)) break;
    for (const pollfd& each : entries)
      if (each.revents != 0) take(all, each.fd);
  }
  CHECK_PLAIN(all.connection.got == "hello");
}

SCENARIO("wait: for several, with select") {
  Several all = several();
  if (!all.are_open()) return;
  set_off(all);
  const int numbers[] = {all.connection.socket, all.listening, all.datagrams, all.timer};
  for (int i = 0; i < 8; ++i) {
    fd_set set;
    FD_ZERO(&set);
    for (const int number : numbers)
      if (number >= 0) FD_SET(number, &set);
    timeval time = {0, 20000};
    const long count = CALL(select, 64, &set, nullptr, nullptr, &time);
    if (count == 0 || (count < 0 && errno != ENOMEM)) break;
    for (const int number : numbers)
      if (count > 0 && number >= 0 && FD_ISSET(number, &set)) take(all, number);
  }
}

SCENARIO("wait: for several, with epoll") { wait_with_epoll(0); }
SCENARIO("wait: for several, with epoll's edges") { wait_with_epoll(EPOLLET); }
SCENARIO("wait: for several, with epoll, once each") { wait_with_epoll(EPOLLONESHOT); }

SCENARIO("wait: for several, with kqueue") {
  Several all = several();
  if (!all.are_open()) return;
  const Fd queue(CALL(kqueue));
  if (!queue.is_open()) return;
  for (const int number : {+all.connection.socket, +all.listening, +all.datagrams}) {
    struct kevent change = {};
    EV_SET(&change, static_cast<uintptr_t>(number), EVFILT_READ, EV_ADD, 0, 0, nullptr);
    (void)CALL(kevent, queue, &change, 1, nullptr, 0, nullptr);
  }
  set_off(all);
  for (int i = 0; i < 8; ++i) {
    struct kevent events[4];
    const timespec time = {0, 20000000};
    const long count = CALL(kevent, queue, nullptr, 0, events, 4, &time);
    if (count == 0 || (count < 0 && errno != ENOMEM)) break;
    for (long at = 0; at < count; ++at) take(all, static_cast<int>(events[at].ident));
  }
}

SCENARIO("wait: for an epoll within an epoll") {
  Stream stream = connected(Mode::polling);
  if (!stream.socket.is_open()) return;
  const Fd inner(CALL(epoll_create1, 0));
  const Fd outer(CALL(epoll_create1, 0));
  if (!inner.is_open() || !outer.is_open()) return;
  epoll_event event = {};
  event.events = EPOLLIN;
  (void)CALL(epoll_ctl, inner, EPOLL_CTL_ADD, stream.socket, &event);
  (void)CALL(epoll_ctl, outer, EPOLL_CTL_ADD, inner, &event);
  world().after(2 * ms, [peer = stream.peer] { peer->sends("x"); });
  (void)CALL(epoll_wait, outer, &event, 1, 20);
  (void)CALL(epoll_wait, inner, &event, 1, 20);
}

SCENARIO("wait: what is waited for is closed and opened again") {
  Stream stream = connected(Mode::polling);
  if (!stream.socket.is_open()) return;
  const Fd epoll(CALL(epoll_create1, 0));
  if (!epoll.is_open()) return;
  epoll_event event = {};
  event.events = EPOLLIN | EPOLLET;
  (void)CALL(epoll_ctl, epoll, EPOLL_CTL_ADD, stream.socket, &event);
  (void)CALL(epoll_wait, epoll, &event, 1, 1);
  stream.socket.close();
  Stream other = connected(Mode::polling);
  if (!other.socket.is_open()) return;
  (void)CALL(epoll_ctl, epoll, EPOLL_CTL_ADD, other.socket, &event);
  other.peer->sends("x");
  (void)CALL(epoll_wait, epoll, &event, 1, 20);
}

SCENARIO("wait: standard input beside a connection") {
  Stream stream = connected(Mode::polling);
  if (!stream.socket.is_open()) return;
  world().after(2 * ms, [] { world().standard_input = "typed\n"; });
  world().after(4 * ms, [] { world().standard_input_ended = true; });
  for (int i = 0; i < 4; ++i) {
    pollfd entries[] = {{0, POLLIN, 0}, {stream.socket, POLLIN, 0}};
    const long count = CALL(poll, entries, 2, 20);
    if (count <= 0) break;
    char room[20];
    if (entries[0].revents != 0 && CALL(read, 0, room, sizeof room) <= 0) break;
  }
}

int look_up_name(const char*, const char*, const addrinfo*, addrinfo**) __asm__("__wrap_getaddrinfo");
void free_names(addrinfo*) __asm__("__wrap_freeaddrinfo");

namespace {

void look_up(const char* name, uint64_t delay, const char* service = "80") {
  world().names["host.example"] = {posix_sockets::SocketAddress::loopback(scripted::Family::ipv4, 0),
                                   posix_sockets::SocketAddress::loopback(scripted::Family::ipv6, 0)};
  world().lookup_delay = delay;
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  errno = 0;
  const int result = look_up_name(name, service, &hints, &list);
  CHECK_PLAIN((result == 0) == (std::string(name) == "host.example"));
  CHECK_ALWAYS((result == 0) == (list != nullptr));
  CHECK_ALWAYS(result == 0 || result == EAI_NONAME || result == EAI_NODATA || result == EAI_AGAIN ||
               result == EAI_FAIL || result == EAI_MEMORY || result == EAI_SYSTEM);
  if (list != nullptr) free_names(list);
}

}  // namespace

SCENARIO("names: one that is known at once") { look_up("host.example", 0); }
SCENARIO("names: one that takes its time") { look_up("host.example", 5 * ms); }
SCENARIO("names: one that nobody knows") { look_up("nobody.example", 1 * ms); }
