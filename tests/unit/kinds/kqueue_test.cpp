// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Queues of kqueue: what is told, once or while it lasts, and errors.
#include "include/sys/event.h"
#include "scene.h"

using fake::ms;

namespace {

struct kevent change(uintptr_t what, short filter, unsigned short flags, unsigned fflags = 0, int64_t data = 0) {
  struct kevent event = {};
  event.ident = what;
  event.filter = filter;
  event.flags = flags;
  event.fflags = fflags;
  event.data = data;
  return event;
}

int apply(int queue, const struct kevent& event) { return kevent(queue, &event, 1, nullptr, 0, nullptr); }

// How many events come within `milliseconds`, the first of them in `event`.
int next(int queue, struct kevent& event, int milliseconds) {
  const timespec limit = {0, milliseconds * 1000000L};
  event = {};
  return kevent(queue, nullptr, 0, &event, 1, &limit);
}

}  // namespace

TEST_CASE("kqueue: data that arrives ends the wait, and how much there is is told") {
  Scene scene;
  auto [number, peer] = connected();
  const int queue = kqueue();
  REQUIRE(apply(queue, change(static_cast<uintptr_t>(number), EVFILT_READ, EV_ADD)) == 0);
  struct kevent event;
  CHECK_MS(15, CHECK(next(queue, event, 15) == 0));
  host().after(8 * ms, [peer = peer] { peer->sends("abc"); });
  CHECK_MS(8, CHECK(next(queue, event, 100) == 1));
  CHECK(event.ident == static_cast<uintptr_t>(number));
  CHECK(event.filter == EVFILT_READ);
  CHECK(event.data == 3);
  CHECK(next(queue, event, 0) == 1);  // it lasts
  CHECK(received(number, 10) == "abc");
  CHECK(next(queue, event, 0) == 0);
}

TEST_CASE("kqueue: a cleared event comes once for each arrival, a single one never again") {
  Scene scene;
  auto [number, peer] = connected();
  const int queue = kqueue();
  const auto ident = static_cast<uintptr_t>(number);
  struct kevent event;
  SECTION("EV_CLEAR") {
    REQUIRE(apply(queue, change(ident, EVFILT_READ, EV_ADD | EV_CLEAR)) == 0);
    peer->sends("a");
    CHECK(next(queue, event, 10) == 1);
    CHECK(next(queue, event, 10) == 0);
    peer->sends("b");
    CHECK(next(queue, event, 10) == 1);
  }
  SECTION("EV_ONESHOT") {
    REQUIRE(apply(queue, change(ident, EVFILT_READ, EV_ADD | EV_ONESHOT)) == 0);
    peer->sends("a");
    CHECK(next(queue, event, 10) == 1);
    peer->sends("b");
    CHECK(next(queue, event, 10) == 0);
    errno = 0;
    CHECK(apply(queue, change(ident, EVFILT_READ, EV_DELETE)) == -1);
    CHECK(errno == ENOENT);
  }
  SECTION("EV_DISABLE") {
    REQUIRE(apply(queue, change(ident, EVFILT_READ, EV_ADD | EV_DISABLE)) == 0);
    peer->sends("a");
    CHECK(next(queue, event, 10) == 0);
    REQUIRE(apply(queue, change(ident, EVFILT_READ, EV_ENABLE)) == 0);
    CHECK(next(queue, event, 10) == 1);
  }
}

TEST_CASE("kqueue: an end of the stream is told with the data before it") {
  Scene scene;
  auto [number, peer] = connected();
  const int queue = kqueue();
  REQUIRE(apply(queue, change(static_cast<uintptr_t>(number), EVFILT_READ, EV_ADD)) == 0);
  peer->sends("ab");
  peer->finishes();
  struct kevent event;
  CHECK(next(queue, event, 10) == 1);
  CHECK(received(number, 10) == "ab");
  CHECK(next(queue, event, 10) == 1);
  CHECK((event.flags & EV_EOF) != 0);
}

TEST_CASE("kqueue: room for writing is told") {
  Scene scene;
  auto [number, peer] = connected();
  const int queue = kqueue();
  REQUIRE(apply(queue, change(static_cast<uintptr_t>(number), EVFILT_WRITE, EV_ADD)) == 0);
  struct kevent event;
  CHECK(next(queue, event, 10) == 1);
  CHECK(event.filter == EVFILT_WRITE);
  CHECK(event.data > 0);
}

TEST_CASE("kqueue: a timer counts what has passed, and one with EV_ONESHOT ends") {
  Scene scene;
  const int queue = kqueue();
  struct kevent event;
  SECTION("again and again") {
    REQUIRE(apply(queue, change(7, EVFILT_TIMER, EV_ADD, NOTE_MSECONDS, 10)) == 0);
    CHECK_MS(10, CHECK(next(queue, event, 100) == 1));
    CHECK(event.ident == 7);
    CHECK(event.data == 1);
    host().clock += 35 * ms;
    CHECK(next(queue, event, 0) == 1);
    CHECK(event.data == 3);
  }
  SECTION("once") {
    REQUIRE(apply(queue, change(7, EVFILT_TIMER, EV_ADD | EV_ONESHOT, NOTE_USECONDS, 5000)) == 0);
    CHECK_MS(5, CHECK(next(queue, event, 100) == 1));
    CHECK_MS(50, CHECK(next(queue, event, 50) == 0));
  }
}

TEST_CASE("kqueue: a user event is triggered, and its bits change as told") {
  Scene scene;
  const int queue = kqueue();
  struct kevent event;
  REQUIRE(apply(queue, change(1, EVFILT_USER, EV_ADD | EV_CLEAR, NOTE_FFCOPY | 0x5)) == 0);
  CHECK(next(queue, event, 0) == 0);
  REQUIRE(apply(queue, change(1, EVFILT_USER, 0, NOTE_TRIGGER | NOTE_FFOR | 0x2)) == 0);
  CHECK(next(queue, event, 0) == 1);
  CHECK((event.fflags & NOTE_FFLAGSMASK) == 0x7);
  CHECK(next(queue, event, 0) == 0);
}

TEST_CASE("kqueue: a pipe, and a queue within a queue") {
  Scene scene;
  int ends[2];
  REQUIRE(guest::pipe(ends) == 0);
  const int inner = kqueue(), outer = kqueue();
  REQUIRE(apply(inner, change(static_cast<uintptr_t>(ends[0]), EVFILT_READ, EV_ADD)) == 0);
  REQUIRE(apply(outer, change(static_cast<uintptr_t>(inner), EVFILT_READ, EV_ADD)) == 0);
  struct kevent event;
  CHECK(next(outer, event, 0) == 0);
  REQUIRE(guest::write(ends[1], "abcd", 4) == 4);
  CHECK(next(outer, event, 0) == 1);
  CHECK(event.ident == static_cast<uintptr_t>(inner));
  CHECK(next(inner, event, 0) == 1);
  CHECK(event.data == 4);
}

TEST_CASE("kqueue: a descriptor that is closed takes its events along") {
  Scene scene;
  auto [number, peer] = connected();
  const int queue = kqueue();
  REQUIRE(apply(queue, change(static_cast<uintptr_t>(number), EVFILT_READ, EV_ADD)) == 0);
  peer->sends("x");
  guest::close(number);
  struct kevent event;
  CHECK(next(queue, event, 10) == 0);
}

TEST_CASE("kqueue: errors") {
  Scene scene;
  const int queue = kqueue();
  auto fails = [&](const struct kevent& event, int with) {
    errno = 0;
    CHECK(apply(queue, event) == -1);
    CHECK(errno == with);
  };
  fails(change(99, EVFILT_READ, EV_ADD), EBADF);
  fails(change(1, EVFILT_USER, EV_DELETE), ENOENT);
  fails(change(1, EVFILT_VNODE, EV_ADD), EINVAL);
  errno = 0;
  CHECK(kqueuex(0x10000) == -1);
  CHECK(errno == EINVAL);
  // With room for events a change that fails is one of them.
  struct kevent event = change(99, EVFILT_READ, EV_ADD), out = {};
  CHECK(kevent(queue, &event, 1, &out, 1, nullptr) == 1);
  CHECK((out.flags & EV_ERROR) != 0);
  CHECK(out.data == EBADF);
  auto [number, peer] = connected();
  errno = 0;
  CHECK(kevent(number, nullptr, 0, &out, 1, nullptr) == -1);
  CHECK(errno == EBADF);
  const timespec wrong = {0, 1000000000};
  errno = 0;
  CHECK(kevent(queue, nullptr, 0, &out, 1, &wrong) == -1);
  CHECK(errno == EINVAL);
}

TEST_CASE("kqueue: a poll for room alone sleeps, whatever the queue has to tell") {
  Scene scene;
  auto [number, peer] = connected();
  const int queue = kqueue();
  REQUIRE(apply(queue, change(static_cast<uintptr_t>(number), EVFILT_READ, EV_ADD)) == 0);
  peer->sends("abc");
  host().forget_calls();
  pollfd entry = {queue, POLLOUT, 0};
  CHECK_MS(50, CHECK(guest::poll(&entry, 1, 50) == 0));
  CHECK(host().calls["poll"] == 1);
}
