// kqueue(), kevent(): arguments and errors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include "kqueue_calls_help.h"
#include "kqueue_help.h"
#include "peer.h"
#include "signals.h"

using namespace conformance;
using namespace kqueue_calls;

// "kqueue() creates a new kernel event queue and returns a descriptor."
TEST_CASE("kqueue: a queue is a descriptor of its own") {
  Queue a, b;
  CHECK(a != b);
  CHECK_RETURNS(fcntl(a, F_GETFD), 0);
  Fd closing(kqueuex(KQUEUE_CLOEXEC));
  CHECK(closing >= 0);
  CHECK_RETURNS(fcntl(closing, F_GETFD), FD_CLOEXEC);
  CHECK_FAILS(kqueuex(0x80000000u), EINVAL);
}

// ERRORS: "[EBADF] The specified descriptor is invalid."
TEST_CASE("kqueue: kevent on something that isn't a queue gives EBADF") {
  Fd fd = tcp(AF_INET);
  struct kevent event;
  timespec none{};
  CHECK_FAILS(kevent(fd, nullptr, 0, &event, 1, &none), EBADF);
  CHECK_FAILS(kevent(900, nullptr, 0, &event, 1, &none), EBADF);
  CHECK_FAILS(kevent(-1, nullptr, 0, &event, 1, &none), EBADF);
}

// "When the nevents argument is zero, kevent() will return immediately even if there is a timeout specified".
TEST_CASE("kqueue: without room for events nothing is waited for") {
  Queue queue;
  timespec long_time{};
  long_time.tv_sec = 10;
  Stopwatch watch;
  CHECK_RETURNS(kevent(queue, nullptr, 0, nullptr, 0, &long_time), 0);
  CHECK_RETURNS(kevent(queue, nullptr, 0, nullptr, 0, nullptr), 0);
  CHECK(watch.elapsed() < 3000);
}

// "If timeout is a non-NULL pointer, it specifies a maximum interval to wait for an event".
TEST_CASE("kqueue: the timeout is kept") {
  Queue queue;
  Fd fd = tcp(AF_INET);
  REQUIRE_OK(queue.add(fd, EVFILT_READ));
  CHECK(queue.count(0) == 0);
  Stopwatch watch;
  CHECK(queue.count(40) == 0);
  CHECK(watch.elapsed() >= 38);
}

// ERRORS: "[EINVAL] The specified time limit or filter is invalid."
TEST_CASE("kqueue: a bad timeout or filter gives EINVAL") {
  Queue queue;
  struct kevent event;
  timespec bad{};
  bad.tv_nsec = 1000000000;
  CHECK_FAILS(kevent(queue, nullptr, 0, &event, 1, &bad), EINVAL);
  bad.tv_nsec = 0;
  bad.tv_sec = -1;
  CHECK_FAILS(kevent(queue, nullptr, 0, &event, 1, &bad), EINVAL);
  Fd fd = raised_event();
  CHECK_FAILS(queue.add(fd, 1), EINVAL);
  CHECK_FAILS(queue.add(fd, -EVFILT_SYSCOUNT - 1), EINVAL);
  CHECK_FAILS(queue.add(fd, EVFILT_VNODE), EINVAL);
}

// ERRORS: "[ENOENT] The event could not be found to be modified or deleted."
TEST_CASE("kqueue: changing what isn't there gives ENOENT") {
  Queue queue;
  Fd fd = raised_event();
  CHECK_FAILS(queue.remove(fd, EVFILT_READ), ENOENT);
  CHECK_FAILS(queue.change(fd, EVFILT_READ, EV_ENABLE), ENOENT);
  CHECK_FAILS(queue.change(1, EVFILT_TIMER, EV_DISABLE), ENOENT);
  REQUIRE_OK(queue.add(fd, EVFILT_READ));
  CHECK_FAILS(queue.remove(fd, EVFILT_WRITE), ENOENT);
  CHECK_OK(queue.remove(fd, EVFILT_READ));
  CHECK_FAILS(queue.remove(fd, EVFILT_READ), ENOENT);
}

TEST_CASE("kqueue: a descriptor that isn't open gives EBADF") {
  Queue queue;
  CHECK_FAILS(queue.add(800, EVFILT_READ), EBADF);
  CHECK_FAILS(queue.add(UINTPTR_MAX, EVFILT_WRITE), EBADF);
  CHECK_FAILS(queue.remove(800, EVFILT_READ), EBADF);
}

// "If an error occurs while processing an element of the changelist and there is enough room in the eventlist, then the event
// will be placed in the eventlist with EV_ERROR set in flags and the system error in data. Otherwise, -1 will be returned".
TEST_CASE("kqueue: errors of changes are told as events") {
  Queue queue;
  Fd fd = raised_event();
  struct kevent changes[3], events[3];
  EV_SET(&changes[0], fd, EVFILT_READ, EV_DELETE, 0, 0, nullptr);
  EV_SET(&changes[1], fd, EVFILT_READ, EV_ADD, 0, 0, nullptr);
  EV_SET(&changes[2], 800, EVFILT_READ, EV_ADD, 0, 0, &queue);
  CHECK_RETURNS(kevent(queue, changes, 3, events, 3, nullptr), 2);
  CHECK(events[0].flags == EV_ERROR);
  CHECK(events[0].data == ENOENT);
  CHECK(events[0].ident == static_cast<std::uintptr_t>(int{fd}));
  CHECK(events[1].data == EBADF);
  CHECK(events[1].ident == 800);
  CHECK(events[1].udata == &queue);
  CHECK(queue.count() == 1);  // the change between them was made
}

// EV_RECEIPT: "Upon success, returns the EV_ERROR event with data set to zero [...] without draining any pending events."
TEST_CASE("kqueue: receipts") {
  Queue queue;
  Fd fd = raised_event();
  struct kevent change, event;
  EV_SET(&change, fd, EVFILT_READ, EV_ADD | EV_RECEIPT, 0, 0, nullptr);
  CHECK_RETURNS(kevent(queue, &change, 1, &event, 1, nullptr), 1);
  CHECK((event.flags & EV_ERROR) != 0);
  CHECK(event.data == 0);
  CHECK(queue.one().data == 1);
}

// "The changelist and the eventlist may be the same array" (EV_SET and the example of the page use one).
TEST_CASE("kqueue: one array for changes and events") {
  Queue queue;
  Fd a = raised_event(), b = raised_event();
  struct kevent both[2];
  EV_SET(&both[0], a, EVFILT_READ, EV_ADD, 0, 0, nullptr);
  EV_SET(&both[1], b, EVFILT_READ, EV_ADD, 0, 0, nullptr);
  CHECK_RETURNS(kevent(queue, both, 2, both, 2, nullptr), 2);
  CHECK((both[0].flags & EV_ERROR) == 0);
}

// "udata: Opaque user-defined value passed through the kernel unchanged." ext[2] and ext[3]: "passed through unchanged".
TEST_CASE("kqueue: user data come back") {
  Queue queue;
  Fd fd = raised_event();
  struct kevent change;
  EV_SET(&change, fd, EVFILT_READ, EV_ADD, 0, 0, &queue);
  change.ext[2] = 0x1122334455667788;
  change.ext[3] = UINT64_MAX;
  REQUIRE_OK(kevent(queue, &change, 1, nullptr, 0, nullptr));
  struct kevent event = queue.one();
  CHECK(event.udata == &queue);
  CHECK(event.ident == static_cast<std::uintptr_t>(int{fd}));
  CHECK(event.filter == EVFILT_READ);
  CHECK(event.ext[2] == 0x1122334455667788);
  CHECK(event.ext[3] == UINT64_MAX);
}

// EV_KEEPUDATA: "Causes kevent() to leave unchanged any udata associated with an existing event. [...] may not be used with
// EV_ADD."
TEST_CASE("kqueue: keeping the user data") {
  Queue queue;
  Fd fd = raised_event();
  REQUIRE_OK(queue.add(fd, EVFILT_READ));
  const auto data = reinterpret_cast<void*>(static_cast<std::uintptr_t>(int{fd}));
  struct kevent change;
  EV_SET(&change, fd, EVFILT_READ, EV_ENABLE | EV_KEEPUDATA, 0, 0, &queue);
  REQUIRE_OK(kevent(queue, &change, 1, nullptr, 0, nullptr));
  CHECK(queue.one().udata == data);
  change.flags = EV_ENABLE;
  REQUIRE_OK(kevent(queue, &change, 1, nullptr, 0, nullptr));
  CHECK(queue.one().udata == &queue);
  change.flags = EV_ADD | EV_KEEPUDATA;
  CHECK_FAILS(kevent(queue, &change, 1, nullptr, 0, nullptr), EINVAL);
}

TEST_CASE("kqueue: a handler that closes the queue, or what it watches, ends the call with EINTR") {
  static int to_close;
  struct sigaction action{};
  action.sa_handler = [](int) { close(to_close); };
  action.sa_flags = SA_RESTART;
  REQUIRE_OK(sigaction(SIGALRM, &action, nullptr));
  for (const bool closes_queue : {false, true}) {
    Queue queue;
    Pair pair = tcp_pair(AF_INET);
    REQUIRE_OK(queue.add(pair.client, EVFILT_READ));
    to_close = closes_queue ? dup2(queue, 40) : pair.client.release();
    if (closes_queue) queue.close();
    send_alarm_after(30);
    struct kevent event;
    CHECK_FAILS(kevent(closes_queue ? 40 : int(queue), nullptr, 0, &event, 1, nullptr), EINTR);
  }
}
