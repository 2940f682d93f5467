// One thing that a wait lists several times, and which becomes something else meanwhile; and what a signal handler closes that the
// call which it interrupts waits for.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/select.h>
#include <sys/timerfd.h>

#include <functional>

#include "epoll_help.h"
#include "local.h"
#include "peer.h"
#include "signals.h"

using namespace conformance;

namespace {

Fd timer() {
  Fd fd(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK));
  REQUIRE_OK(int(fd));
  return fd;
}
Fd duplicate(int number) {
  Fd fd(dup(number));
  REQUIRE_OK(int(fd));
  return fd;
}

// `wait` is called while timers of all kinds of short times run, so that some expire while it looks at what it lists.
void expire_during(int number, const std::function<int()>& wait) {
  for (int i = 0; i < 1500; ++i) {
    itimerspec value{};
    value.it_value.tv_nsec = 1000 + i * 7919 % 300000;
    if (i % 5 == 0) value.it_interval.tv_nsec = 50000;
    REQUIRE_OK(timerfd_settime(number, 0, &value, nullptr));
    REQUIRE(wait() > 0);
    std::uint64_t count;
    REQUIRE_RETURNS(read(number, &count, sizeof count), 8);
  }
}

}  // namespace

TEST_CASE("listed twice: a timer that expires while poll looks at it and its duplicate") {
  Fd first = timer();
  Fd second = duplicate(first);
  Pair between = tcp_pair(AF_INET);
  pollfd entries[] = {{first, POLLIN, 0}, {between.client, POLLIN, 0}, {second, POLLIN, 0}, {first, POLLIN, 0}};
  expire_during(first, [&] { return poll(entries, 4, patience); });
}

TEST_CASE("listed twice: a timer that expires while select looks at it and its duplicate") {
  Fd first = timer();
  Pair between = tcp_pair(AF_INET);
  Fd second = duplicate(first);
  expire_during(first, [&] {
    fd_set in;
    FD_ZERO(&in);
    FD_SET(first, &in);
    FD_SET(between.client, &in);
    FD_SET(second, &in);
    return select(second + 1, &in, nullptr, nullptr, nullptr);
  });
}

TEST_CASE("listed twice: a timer that expires while epoll_wait looks at it and its duplicate") {
  Fd first = timer();
  Pair between = tcp_pair(AF_INET);
  Fd second = duplicate(first);
  Epoll set;
  REQUIRE_OK(set.add(first, EPOLLIN));
  REQUIRE_OK(set.add(between.client, EPOLLIN));
  REQUIRE_OK(set.add(second, EPOLLIN));
  expire_during(first, [&] { return static_cast<int>(set.count(patience)); });
}

TEST_CASE("listed twice: a timer that is in a set, and in a set of that set, and in poll") {
  Fd first = timer();
  Epoll inner, outer;
  REQUIRE_OK(inner.add(first, EPOLLIN));
  REQUIRE_OK(outer.add(inner, EPOLLIN));
  REQUIRE_OK(outer.add(first, EPOLLIN));
  pollfd entries[] = {{outer, POLLIN, 0}, {inner, POLLIN, 0}, {first, POLLIN, 0}, {outer, POLLIN, 0}};
  expire_during(first, [&] { return poll(entries, 4, patience); });
  expire_during(first, [&] { return static_cast<int>(outer.count(patience)); });
}

FAMILY_CASE("listed twice: a connection that comes about while poll looks at it and its duplicate") {
  Bound server = listener(family, 64);
  for (int i = 0; i < 40; ++i) {
    Fd client = tcp(family, SOCK_NONBLOCK);
    Fd second = duplicate(client);
    if (connect(client, server.address.get(), server.address.length) != 0) REQUIRE(errno == EINPROGRESS);
    pollfd entries[] = {
        {client, POLLOUT, 0}, {server.fd, POLLIN, 0}, {second, POLLIN | POLLOUT, 0}, {client, POLLIN, 0}};
    while ((entries[0].revents & POLLOUT) == 0) REQUIRE(poll(entries, 4, patience) > 0);
    Fd accepted(accept(server.fd, nullptr, nullptr));
    REQUIRE_OK(int(accepted));
  }
}

FAMILY_CASE("listed twice: a connect that is refused while poll looks at it and its duplicate") {
  Bound nobody = bound_tcp(family);
  for (int i = 0; i < 40; ++i) {
    Fd client = tcp(family, SOCK_NONBLOCK);
    Fd second = duplicate(client);
    if (connect(client, nobody.address.get(), nobody.address.length) != 0)
      REQUIRE((errno == EINPROGRESS || errno == ECONNREFUSED));
    pollfd entries[] = {{client, POLLIN, 0}, {second, POLLIN | POLLOUT, 0}, {client, POLLOUT, 0}};
    REQUIRE(poll(entries, 3, patience) > 0);
  }
}

namespace {

// What the handler does.
void (*act)();
int victim = -1;
int replacement = -1;

void on_alarm(int) { act(); }

void close_victim() { close(victim); }
void replace_victim() { dup2(replacement, victim); }

// `handler` runs 20 ms from now, in the midst of a call.
void interrupt(void (*handler)(), int flags) {
  act = handler;
  struct sigaction action{};
  action.sa_handler = on_alarm;
  action.sa_flags = flags;
  REQUIRE_OK(sigaction(SIGALRM, &action, nullptr));
  send_alarm_after(20);
}

}  // namespace

FAMILY_CASE("closed by a handler: what a blocking recv reads from") {
  Pair p = tcp_pair(family);
  victim = p.client.release();
  char byte;
  SECTION("the call ends") {
    interrupt(close_victim, 0);
    CHECK_FAILS(recv(victim, &byte, 1, 0), EINTR);
  }
  SECTION("the call would go on") {
    interrupt(close_victim, SA_RESTART);
    CHECK_FAILS(recv(victim, &byte, 1, 0), EBADF);
  }
  CHECK_FAILS(recv(victim, &byte, 1, 0), EBADF);
}

FAMILY_CASE("closed by a handler: what a blocking accept takes from") {
  Bound server = listener(family);
  victim = server.fd.release();
  SECTION("the call ends") {
    interrupt(close_victim, 0);
    CHECK_FAILS(accept(victim, nullptr, nullptr), EINTR);
  }
  SECTION("the call would go on") {
    interrupt(close_victim, SA_RESTART);
    CHECK_FAILS(accept(victim, nullptr, nullptr), EBADF);
  }
}

FAMILY_CASE("closed by a handler: what a blocking send writes to") {
  Pair p = small_tcp_pair(family);
  set_nonblocking(p.client);
  fill(p.client);
  set_nonblocking(p.client, false);
  victim = p.client.release();
  interrupt(close_victim, SA_RESTART);
  CHECK_FAILS(send(victim, "x", 1, 0), EBADF);
}

TEST_CASE("closed by a handler: an end of a pipe, a datagram socket, a local one") {
  char byte;
  SECTION("datagrams") {
    Bound bound = bound_udp(AF_INET);
    victim = bound.fd.release();
    interrupt(close_victim, SA_RESTART);
    CHECK_FAILS(recv(victim, &byte, 1, 0), EBADF);
  }
  SECTION("local") {
    int ends[2];
    REQUIRE_OK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
    Fd other(ends[1]);
    victim = ends[0];
    interrupt(close_victim, SA_RESTART);
    CHECK_FAILS(recv(victim, &byte, 1, 0), EBADF);
  }
  SECTION("pipe") {
    int ends[2];
    REQUIRE_OK(pipe(ends));
    Fd other(ends[1]);
    victim = ends[0];
    interrupt(close_victim, SA_RESTART);
    CHECK_FAILS(read(victim, &byte, 1), EBADF);
  }
}

namespace {

int other_victim = -1;

void close_other() { close(other_victim); }
void close_both() {
  close(victim);
  close(other_victim);
}
void stop_blocking() { fcntl(victim, F_SETFL, fcntl(victim, F_GETFL) | O_NONBLOCK); }

}  // namespace

namespace {

// What a splice takes from: nothing comes, or there is something and the pipe behind is full.
enum class From { local, tcp, pipe, full };

void splice_while_closed(From from, int flags, void (*handler)()) {
  Pair pair;
  if (from == From::local) pair = local_pair(SOCK_STREAM);
  if (from == From::tcp) pair = tcp_pair(AF_INET);
  Pipe in = make_pipe(), out = make_pipe();
  const bool is_pipe = from == From::pipe || from == From::full;
  victim = is_pipe ? in.reader.release() : pair.server.release();
  if (from == From::full) {
    REQUIRE_RETURNS(write(in.writer, "some", 4), 4);
    set_nonblocking(out.writer);
    while (write(out.writer, "y", 1) == 1 || write(out.writer, pattern(0, 4096).data(), 4096) == 4096) {
    }
    set_nonblocking(out.writer, false);
  }
  other_victim = out.writer.release();
  interrupt(handler, flags);
  CHECK_FAILS(splice(victim, nullptr, other_victim, nullptr, 10, 0), flags == 0 ? EINTR : EBADF);
  close(victim);
  close(other_victim);
}

}  // namespace

TEST_CASE("closed by a handler: one end of a splice or both, while it waits for the other") {
  for (const From from : {From::local, From::tcp, From::pipe, From::full})
    for (const int flags : {0, SA_RESTART})
      for (const auto& handler : {close_victim, close_other, close_both}) splice_while_closed(from, flags, handler);
}

TEST_CASE("a handler sets O_NONBLOCK: the call that goes on fails with EAGAIN") {
  Pair pair = tcp_pair(AF_INET);
  victim = pair.client;
  char byte;
  interrupt(stop_blocking, SA_RESTART);
  CHECK_FAILS(recv(victim, &byte, 1, 0), EAGAIN);
  set_nonblocking(pair.client);
  fill(pair.client);
  set_nonblocking(pair.client, false);
  interrupt(stop_blocking, SA_RESTART);
  CHECK_FAILS(send(victim, "x", 1, 0), EAGAIN);
}

FAMILY_CASE("closed by a handler: what poll, select and epoll_wait list, and the set itself") {
  Pair p = tcp_pair(family);
  victim = p.client.release();
  SECTION("poll") {
    pollfd entries[] = {{victim, POLLIN, 0}, {p.server, POLLIN, 0}, {victim, POLLIN, 0}};
    interrupt(close_victim, SA_RESTART);
    CHECK_FAILS(poll(entries, 3, patience), EINTR);
  }
  SECTION("poll of another one in its place") {
    Fd other = duplicate(p.server);
    replacement = other;
    pollfd entries[] = {{victim, POLLIN, 0}, {p.server, POLLIN, 0}};
    interrupt(replace_victim, SA_RESTART);
    CHECK_FAILS(poll(entries, 2, patience), EINTR);
    close(victim);
  }
  SECTION("epoll_wait") {
    Epoll set;
    REQUIRE_OK(set.add(victim, EPOLLIN));
    REQUIRE_OK(set.add(p.server, EPOLLIN));
    epoll_event event;
    interrupt(close_victim, SA_RESTART);
    CHECK_FAILS(epoll_wait(set, &event, 1, patience), EINTR);
    CHECK(set.count() == 1);  // the other end ended
  }
  SECTION("the epoll set") {
    const int set = epoll_create1(0);
    REQUIRE_OK(set);
    epoll_event event{};
    event.events = EPOLLIN;
    REQUIRE_OK(epoll_ctl(set, EPOLL_CTL_ADD, victim, &event));
    Fd still_open(victim);
    victim = set;
    interrupt(close_victim, SA_RESTART);
    CHECK_FAILS(epoll_wait(set, &event, 1, patience), EINTR);
    CHECK_FAILS(epoll_wait(set, &event, 1, 0), EBADF);
  }
}
