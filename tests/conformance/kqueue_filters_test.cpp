// kevent(): pipes, local sockets, files, timers and events of the program's own.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/timerfd.h>
#include <time.h>

#include "kqueue_help.h"
#include "peer.h"

using namespace conformance;

namespace {

Pair pipe_pair() {
  int ends[2];
  REQUIRE_OK(pipe2(ends, O_NONBLOCK));
  return {Fd(ends[0]), Fd(ends[1])};
}

}  // namespace

// Fifos, pipes: "Returns when there is data to read; data contains the number of bytes available. When the last writer
// disconnects, the filter will set EV_EOF in flags."
TEST_CASE("kqueue: a pipe's reading end") {
  Pair p = pipe_pair();
  Queue queue;
  REQUIRE_OK(queue.add(p.client, EVFILT_READ));
  CHECK(queue.count() == 0);
  REQUIRE_RETURNS(write(p.server, "abcd", 4), 4);
  CHECK(queue.one().data == 4);
  p.server.reset();
  struct kevent event = queue.one();
  CHECK(event.data == 4);
  CHECK((event.flags & EV_EOF) != 0);
}

TEST_CASE("kqueue: a pipe's writing end") {
  Pair p = pipe_pair();
  Queue queue;
  REQUIRE_OK(queue.add(p.server, EVFILT_WRITE));
  CHECK(queue.one().data == 65536);
  std::string much(65536, 'x');
  REQUIRE_RETURNS(write(p.server, much.data(), much.size()), 65536);
  CHECK(queue.count() == 0);
  REQUIRE_RETURNS(read(p.client, much.data(), 8192), 8192);
  CHECK(queue.one().data == 8192);
  p.client.reset();
  struct kevent event = queue.one();
  CHECK((event.flags & EV_EOF) != 0);
  CHECK(event.data == 0);
}

TEST_CASE("kqueue: local sockets") {
  int ends[2];
  REQUIRE_OK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
  Fd a(ends[0]), b(ends[1]);
  Queue queue;
  REQUIRE_OK(queue.add(b, EVFILT_READ));
  send_all(a, "abc");
  send_all(a, "de");
  CHECK(queue.one().data == 5);
  a.reset();
  struct kevent event = queue.one();
  CHECK(event.data == 5);
  CHECK((event.flags & EV_EOF) != 0);
}

// Vnodes: "Returns when the file pointer is not at the end of file. data contains the offset from current position to end of
// file, and may be negative." NOTE_FILE_POLL: "return [...] unconditionally".
TEST_CASE("kqueue: a file") {
  Fd file = open_scratch("file");
  REQUIRE_RETURNS(write(file, "abcdef", 6), 6);
  Queue queue;
  REQUIRE_OK(queue.add(file, EVFILT_READ));
  CHECK(queue.count() == 0);
  REQUIRE_RETURNS(lseek(file, 2, SEEK_SET), 2);
  CHECK(queue.one().data == 4);
  REQUIRE_RETURNS(lseek(file, 10, SEEK_SET), 10);
  CHECK(queue.one().data == -4);
  REQUIRE_RETURNS(lseek(file, 6, SEEK_SET), 6);
  CHECK(queue.count() == 0);
  REQUIRE_OK(queue.change(file, EVFILT_READ, EV_ADD, NOTE_FILE_POLL));
  CHECK(queue.count() == 1);
  REQUIRE_OK(queue.add(file, EVFILT_WRITE));
  CHECK(queue.count() == 2);
}

TEST_CASE("kqueue: stdin wakes a wait that also holds sockets") {
  Peer peer;
  Pair p = tcp_pair(AF_INET);
  Queue queue;
  REQUIRE_OK(queue.add(0, EVFILT_READ));
  REQUIRE_OK(queue.add(p.server, EVFILT_READ));
  CHECK(queue.count() == 0);
  peer.begin("sleep 30; stdin line\\n");
  struct kevent event = queue.one(-1);
  CHECK(event.ident == 0);
  CHECK(event.data == 5);
  peer.finish();
}

// EVFILT_TIMER: "Establishes an arbitrary timer identified by ident. When adding a timer, data specifies the moment to fire
// the timer (for NOTE_ABSTIME) or the timeout period. The timer will be periodic unless EV_ONESHOT or NOTE_ABSTIME is
// specified. On return, data contains the number of times the timeout has expired since the last call to kevent(). For
// non-monotonic timers, this filter automatically sets the EV_CLEAR flag internally."
TEST_CASE("kqueue: a periodic timer in milliseconds") {
  Queue queue;
  REQUIRE_OK(queue.change(7, EVFILT_TIMER, EV_ADD, 0, 10));
  Stopwatch watch;
  struct kevent event = queue.one(-1);
  CHECK(watch.elapsed() >= 9);
  CHECK(event.ident == 7);
  CHECK(event.data >= 1);
  poll(nullptr, 0, 45);
  CHECK(queue.one().data >= 3);
  CHECK(queue.one().data >= 1);
  REQUIRE_OK(queue.remove(7, EVFILT_TIMER));
  CHECK(queue.count(30) == 0);
}

TEST_CASE("kqueue: timers in other units, and once") {
  Queue queue;
  REQUIRE_OK(queue.change(1, EVFILT_TIMER, EV_ADD | EV_ONESHOT, NOTE_USECONDS, 20000));
  REQUIRE_OK(queue.change(2, EVFILT_TIMER, EV_ADD | EV_ONESHOT, NOTE_NSECONDS, 40000000));
  REQUIRE_OK(queue.change(3, EVFILT_TIMER, EV_ADD | EV_ONESHOT, NOTE_MSECONDS, 60));
  REQUIRE_OK(queue.change(4, EVFILT_TIMER, EV_ADD | EV_ONESHOT, NOTE_SECONDS, 60));
  std::vector<std::uintptr_t> order;
  while (order.size() < 3)
    for (const struct kevent& event : queue.wait(patience)) {
      order.push_back(event.ident);
      CHECK(event.data == 1);
    }
  CHECK(order == std::vector<std::uintptr_t>{1, 2, 3});
  CHECK_FAILS(queue.remove(1, EVFILT_TIMER), ENOENT);
  CHECK_OK(queue.remove(4, EVFILT_TIMER));
}

// NOTE_ABSTIME: "The specified expiration time is absolute."
TEST_CASE("kqueue: an absolute timer") {
  Queue queue;
  timespec now;
  REQUIRE_OK(clock_gettime(CLOCK_REALTIME, &now));
  const std::int64_t milliseconds = now.tv_sec * 1000LL + now.tv_nsec / 1000000;
  REQUIRE_OK(queue.change(1, EVFILT_TIMER, EV_ADD, NOTE_MSECONDS | NOTE_ABSTIME, milliseconds + 40));
  REQUIRE_OK(queue.change(2, EVFILT_TIMER, EV_ADD, NOTE_MSECONDS | NOTE_ABSTIME, milliseconds - 40));
  CHECK(queue.one(0).ident == 2);
  Stopwatch watch;
  CHECK(queue.one().ident == 1);
  CHECK(watch.elapsed() >= 25);
  CHECK(queue.count(0) == 0);
}

// "If an existing timer is re-added, the existing timer will be effectively canceled (throwing away any undelivered record of
// previous timer expiration) and re-started using the new parameters contained in data and fflags."
TEST_CASE("kqueue: a timer that is added again") {
  Queue queue;
  REQUIRE_OK(queue.change(1, EVFILT_TIMER, EV_ADD, 0, 5));
  poll(nullptr, 0, 20);
  REQUIRE_OK(queue.change(1, EVFILT_TIMER, EV_ADD, NOTE_SECONDS, 60));
  CHECK(queue.count(20) == 0);
}

TEST_CASE("kqueue: bad parameters of timers give EINVAL") {
  Queue queue;
  CHECK_FAILS(queue.change(1, EVFILT_TIMER, EV_ADD, 0, -1), EINVAL);
  CHECK_FAILS(queue.change(1, EVFILT_TIMER, EV_ADD, 0x100, 10), EINVAL);
}

TEST_CASE("kqueue: a timer wakes who waits for the queue") {
  Queue inner, outer;
  REQUIRE_OK(inner.change(1, EVFILT_TIMER, EV_ADD | EV_ONESHOT, 0, 20));
  REQUIRE_OK(outer.add(inner, EVFILT_READ));
  CHECK(wait_for(inner, POLLIN, 0) == 0);
  CHECK(outer.one(-1).data == 1);
  CHECK(wait_for(inner, POLLIN) == POLLIN);
  CHECK(inner.count() == 1);
  CHECK(outer.count() == 0);
}

// EVFILT_USER: "Establishes a user event identified by ident which is not associated with any kernel mechanism but is triggered
// by user level code. The lower 24 bits of the fflags may be used for user defined flags".
TEST_CASE("kqueue: a user event is triggered") {
  Queue queue;
  REQUIRE_OK(queue.change(5, EVFILT_USER, EV_ADD | EV_CLEAR));
  CHECK(queue.count() == 0);
  REQUIRE_OK(queue.change(5, EVFILT_USER, 0, NOTE_TRIGGER));
  struct kevent event = queue.one(-1);
  CHECK(event.ident == 5);
  CHECK(event.filter == EVFILT_USER);
  CHECK(queue.count() == 0);
  REQUIRE_OK(queue.change(5, EVFILT_USER, 0, NOTE_TRIGGER));
  CHECK(queue.count() == 1);
}

TEST_CASE("kqueue: a user event stays without EV_CLEAR") {
  Queue queue;
  REQUIRE_OK(queue.change(5, EVFILT_USER, EV_ADD, NOTE_TRIGGER));
  CHECK(queue.count() == 1);
  CHECK(queue.count() == 1);
  REQUIRE_OK(queue.change(5, EVFILT_USER, EV_CLEAR));
  CHECK(queue.count() == 0);
}

// NOTE_FFAND, NOTE_FFOR, NOTE_FFCOPY, NOTE_FFNOP: "AND", "OR", "Copy", "Ignore the input fflags".
TEST_CASE("kqueue: flags of a user event") {
  Queue queue;
  REQUIRE_OK(queue.change(5, EVFILT_USER, EV_ADD, NOTE_FFCOPY | 0x0f));
  REQUIRE_OK(queue.change(5, EVFILT_USER, 0, NOTE_FFOR | 0xf0));
  REQUIRE_OK(queue.change(5, EVFILT_USER, 0, NOTE_FFAND | 0x3c));
  REQUIRE_OK(queue.change(5, EVFILT_USER, 0, NOTE_FFNOP | NOTE_TRIGGER | 0x1));
  CHECK(queue.one().fflags == 0x3c);
  REQUIRE_OK(queue.change(5, EVFILT_USER, 0, NOTE_FFCOPY | 0x123456, 77));
  struct kevent event = queue.one();
  CHECK(event.fflags == 0x123456);
  CHECK(event.data == 77);
}

// A queue in a set of events that lists it twice: its timer serves both, also when it expires meanwhile.
TEST_CASE("kqueue: a queue with a timer that poll and another queue list twice") {
  Queue inner, outer;
  Fd second(dup(inner));
  REQUIRE_OK(inner.change(1, EVFILT_TIMER, EV_ADD, NOTE_USECONDS, 300));
  REQUIRE_OK(outer.add(inner, EVFILT_READ));
  REQUIRE_OK(outer.add(second, EVFILT_READ));
  pollfd entries[] = {{inner, POLLIN, 0}, {second, POLLIN, 0}, {outer, POLLIN, 0}, {inner, POLLIN, 0}};
  for (int i = 0; i < 300; ++i) {
    REQUIRE(poll(entries, 4, patience) > 0);
    REQUIRE(outer.count(patience) > 0);
    REQUIRE(inner.one().ident == 1);
  }
}

TEST_CASE("kqueue: an event that stays triggered starves none of many sockets") {
  std::vector<Pair> pairs;
  for (int i = 0; i < 100; ++i) pairs.push_back(tcp_pair(AF_INET));
  Peer peer;
  Address address = peer.listen(AF_INET);
  Fd other = tcp(AF_INET);
  REQUIRE_OK(connect(other, address.get(), address.length));
  peer.call("accept");
  Queue queue;
  REQUIRE_OK(queue.change(1000000, EVFILT_USER, EV_ADD));
  REQUIRE_OK(queue.change(1000000, EVFILT_USER, 0, NOTE_TRIGGER));
  for (const Pair& pair : pairs) {
    REQUIRE_OK(queue.add(pair.client, EVFILT_READ));
    REQUIRE_OK(queue.add(pair.server, EVFILT_READ));
  }
  REQUIRE_OK(queue.add(other, EVFILT_READ));
  const bool room = GENERATE(false, true);  // which only the host knows of
  if (room) REQUIRE_OK(queue.add(pairs[0].client, EVFILT_WRITE));
  for (int round = 0; round < 5; ++round) {
    peer.begin("sleep 5; send 10");
    Stopwatch watch;
    for (bool told = false; !told;) {
      for (const struct kevent& event : queue.wait(patience, 4))
        told |= event.ident == static_cast<std::uintptr_t>(other);
      REQUIRE(watch.elapsed() < 2000);
    }
    REQUIRE(receive(other, 10).size() == 10);
    peer.finish();
  }
}
