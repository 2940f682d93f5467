// kqueue(), kevent(): the flags of events.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include "kqueue_calls_help.h"
#include "kqueue_help.h"
#include "peer.h"

using namespace conformance;
using namespace kqueue_calls;

TEST_CASE("kqueue: adding again changes the event") {
  Queue queue;
  Fd fd = raised_event();
  REQUIRE_OK(queue.add(fd, EVFILT_READ));
  struct kevent change;
  EV_SET(&change, fd, EVFILT_READ, EV_ADD, 0, 0, &queue);
  REQUIRE_OK(kevent(queue, &change, 1, nullptr, 0, nullptr));
  CHECK(queue.one().udata == &queue);
}

// "A kevent is identified by the (ident, filter) pair; there may only be one unique kevent per kqueue."
TEST_CASE("kqueue: reading and writing are two events") {
  Queue queue;
  Fd fd = raised_event();
  REQUIRE_OK(queue.add(fd, EVFILT_READ));
  REQUIRE_OK(queue.add(fd, EVFILT_WRITE));
  auto events = queue.wait();
  REQUIRE(events.size() == 2);
  CHECK(events[0].filter != events[1].filter);
  REQUIRE_OK(queue.remove(fd, EVFILT_READ));
  CHECK(queue.one().filter == EVFILT_WRITE);
}

// EV_DISABLE: "Disable event so kevent() will not return it. The filter itself is not disabled."
TEST_CASE("kqueue: disabling and enabling") {
  Queue queue;
  Fd fd = raised_event();
  REQUIRE_OK(queue.change(fd, EVFILT_READ, EV_ADD | EV_DISABLE));
  CHECK(queue.count() == 0);
  REQUIRE_OK(queue.change(fd, EVFILT_READ, EV_ENABLE));
  CHECK(queue.count() == 1);
  REQUIRE_OK(queue.change(fd, EVFILT_READ, EV_DISABLE));
  CHECK(queue.count() == 0);
  // "Adding an event automatically enables it, unless overridden by the EV_DISABLE flag."
  REQUIRE_OK(queue.change(fd, EVFILT_READ, EV_ADD));
  CHECK(queue.count() == 1);
}

// EV_ONESHOT: "Causes the event to return only the first occurrence of the filter being triggered. After the user retrieves
// the event from the kqueue, it is deleted."
TEST_CASE("kqueue: one-shot events are deleted") {
  Queue queue;
  Fd fd = raised_event();
  REQUIRE_OK(queue.add(fd, EVFILT_READ, EV_ONESHOT));
  CHECK(queue.count() == 1);
  CHECK(queue.count() == 0);
  CHECK_FAILS(queue.remove(fd, EVFILT_READ), ENOENT);
}

// EV_DISPATCH: "Disable the event source immediately after delivery of an event."
TEST_CASE("kqueue: dispatched events are disabled") {
  Queue queue;
  Fd fd = raised_event();
  REQUIRE_OK(queue.add(fd, EVFILT_READ, EV_DISPATCH));
  CHECK(queue.count() == 1);
  CHECK(queue.count() == 0);
  REQUIRE_OK(queue.change(fd, EVFILT_READ, EV_ENABLE));
  CHECK(queue.count() == 1);
  CHECK(queue.count() == 0);
}

// EV_CLEAR: "After the event is retrieved by the user, its state is reset. This is useful for filters which report state
// transitions instead of the current state."
TEST_CASE("kqueue: cleared events report transitions") {
  Queue queue;
  Fd fd = raised_event();
  REQUIRE_OK(queue.add(fd, EVFILT_READ, EV_CLEAR));
  CHECK(queue.count() == 1);
  CHECK(queue.count() == 0);
  std::uint64_t one = 1;
  REQUIRE_RETURNS(write(fd, &one, 8), 8);
  CHECK(queue.one().data == 2);
  CHECK(queue.count() == 0);
}

// EV_FORCEONESHOT: "Causes the event to act as if triggered, [as if] EV_ONESHOT had been set".
TEST_CASE("kqueue: forcing an event once") {
  Queue queue;
  Fd fd(eventfd(0, 0));
  REQUIRE_OK(queue.add(fd, EVFILT_READ));
  CHECK(queue.count() == 0);
  REQUIRE_OK(queue.change(fd, EVFILT_READ, EV_ENABLE | EV_FORCEONESHOT));
  CHECK(queue.count() == 1);
  CHECK_FAILS(queue.remove(fd, EVFILT_READ), ENOENT);
}

// "Calling close() on a file descriptor will remove any kevents that reference the descriptor."
TEST_CASE("kqueue: closing a descriptor removes its events") {
  Queue queue;
  Fd fd = raised_event();
  REQUIRE_OK(queue.add(fd, EVFILT_READ));
  REQUIRE_OK(queue.add(fd, EVFILT_WRITE));
  Fd copy(dup(fd));
  REQUIRE_OK(queue.add(copy, EVFILT_READ));
  int number = fd;
  fd.reset();
  CHECK(queue.one().ident == static_cast<std::uintptr_t>(int{copy}));
  Fd other(eventfd(0, 0));
  REQUIRE(other == number);
  CHECK_FAILS(queue.remove(other, EVFILT_READ), ENOENT);
  copy.reset();
  CHECK(queue.count() == 0);
}

TEST_CASE("kqueue: no more events than asked for, and no event starves") {
  Queue queue;
  std::vector<Fd> fds;
  for (int i = 0; i < 5; ++i) {
    fds.push_back(raised_event());
    REQUIRE_OK(queue.add(fds.back(), EVFILT_READ));
  }
  std::map<std::uintptr_t, int> seen;
  for (int i = 0; i < 5; ++i)
    for (const struct kevent& event : queue.wait(0, 2)) ++seen[event.ident];
  CHECK(seen.size() == 5);
  for (auto [ident, times] : seen) CHECK(times == 2);
}

// "A kqueue itself can be monitored": EVFILT_READ with the number of events in data; and it is pollable.
TEST_CASE("kqueue: a queue in a queue, in poll and in epoll") {
  Queue outer, inner;
  Fd fd(eventfd(0, 0));
  REQUIRE_OK(outer.add(inner, EVFILT_READ));
  REQUIRE_OK(inner.add(fd, EVFILT_READ));
  CHECK(outer.count() == 0);
  CHECK(wait_for(inner, POLLIN | POLLOUT, 0) == 0);
  std::uint64_t one = 1;
  REQUIRE_RETURNS(write(fd, &one, 8), 8);
  CHECK(outer.one().data == 1);
  CHECK(wait_for(inner, POLLIN | POLLOUT, 0) == POLLIN);
  Fd set(epoll_create1(0));
  epoll_event event{};
  event.events = EPOLLIN;
  REQUIRE_OK(epoll_ctl(set, EPOLL_CTL_ADD, outer, &event));
  CHECK_RETURNS(epoll_wait(set, &event, 1, 0), 1);
  CHECK_FAILS(inner.add(outer, EVFILT_READ), EINVAL);
  CHECK_FAILS(inner.add(inner, EVFILT_READ), EINVAL);
  CHECK_FAILS(inner.add(set, EVFILT_READ), EINVAL);
  CHECK_FAILS(outer.add(inner, EVFILT_WRITE), EINVAL);
}
