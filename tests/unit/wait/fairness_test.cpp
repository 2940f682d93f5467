// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Hosts that tell only part of what is ready: nothing may stay hidden for ever, and nothing that a look can tell in full is told in
// part.
#include "scene.h"
#include "wait/poll_set.h"
#include "wit-bindings/0.2/clocks.h"
#include "wit-bindings/0.2/look.h"

using fake::ms;
using posix_sockets::Deadline;
using posix_sockets::PollSet;

namespace {

// One connection that always has room to send, 300 idle ones, and one that data comes to.
struct Crowd {
  Connected busy = connected();
  std::vector<Connected> idle;
  Connected last;

  Crowd() {
    for (int i = 0; i < 300; ++i) idle.push_back(connected());
    last = connected();
    host().looks_at_a_time = 128;
    host().look_takes = 300;
  }

  // Waits that it takes until `wait` tells of data for the last one.
  template <class Wait>
  int waits_until_told(Wait wait) {
    last.peer->sends("x");
    for (int waits = 1; waits < 1000; ++waits)
      if (wait()) return waits;
    return 1000;
  }
};

}  // namespace

TEST_CASE("fairness: one with room to send doesn't hide another for long") {
  Scene scene;
  Crowd crowd;
  SECTION("poll") {
    std::vector<pollfd> list = {{crowd.busy.number, POLLOUT, 0}};
    for (const Connected& one : crowd.idle) list.push_back({one.number, POLLIN, 0});
    list.push_back({crowd.last.number, POLLIN, 0});
    CHECK(crowd.waits_until_told([&] {
      REQUIRE(guest::poll(list.data(), list.size(), -1) > 0);
      return list.back().revents != 0;
    }) < 100);
  }
  SECTION("epoll") {
    const int set = guest::epoll_create1(0);
    const auto add = [&](int number, uint32_t events) {
      epoll_event event = {};
      event.events = events;
      event.data.fd = number;
      REQUIRE(guest::epoll_ctl(set, EPOLL_CTL_ADD, number, &event) == 0);
    };
    add(crowd.busy.number, EPOLLOUT);
    for (const Connected& one : crowd.idle) add(one.number, EPOLLIN);
    add(crowd.last.number, EPOLLIN);
    CHECK(crowd.waits_until_told([&] {
      epoll_event events[4];
      const int count = guest::epoll_wait(set, events, 4, -1);
      REQUIRE(count > 0);
      for (int i = 0; i < count; ++i)
        if (events[i].data.fd == crowd.last.number) return true;
      return false;
    }) < 100);
  }
}

TEST_CASE("fairness: a look without waiting tells of all of a large set") {
  Scene scene;
  Crowd crowd;
  std::vector<pollfd> list;
  for (const Connected& one : crowd.idle) list.push_back({one.number, POLLIN, 0});
  list.push_back({crowd.last.number, POLLIN, 0});
  CHECK_THAT(guest::poll(list.data(), list.size(), 0), Returns(0));
  crowd.last.peer->sends("x");
  CHECK_THAT(guest::poll(list.data(), list.size(), 0), Returns(1));
}

TEST_CASE("fairness: a host that counts what it told hides nothing from looks that follow each other") {
  Scene scene;
  host().budget = true;
  PollSet::see_all = PollSet::complete;
  std::vector<wasi::Pollable> over;
  for (int i = 0; i < 3; ++i) over.push_back(wasi::monotonic_clock::subscribe_duration(1));
  host().clock += ms;
  const bool waits = GENERATE(false, true);
  for (int look = 0; look < 500; ++look) {
    PollSet set;
    for (uint32_t i = 0; i < 3; ++i) set.add(over[i], i);
    REQUIRE((waits ? set.wait(Deadline{}) : set.look()).ok());
    REQUIRE(set.ready_count() == 3);
  }
}

TEST_CASE("fairness: a look at one that isn't ready isn't taken for a sleep, which makes the budget whole") {
  Scene scene;
  host().budget = true;
  host().look_takes = 300;
  PollSet::see_all = PollSet::complete;
  const wasi::Pollable later = wasi::monotonic_clock::subscribe_duration(1000 * ms);
  std::vector<wasi::Pollable> over;
  for (int i = 0; i < 20; ++i) over.push_back(wasi::monotonic_clock::subscribe_duration(1));
  host().clock += ms;
  for (int round = 0; round < 200; ++round) {
    // So that the count is everywhere in turn.
    for (int i = 0; i < round % 7; ++i) (void)wasi::is_ready(over[0].borrow());
    REQUIRE_FALSE(wasi::look(later.borrow()));
    PollSet set;
    for (uint32_t i = 0; i < 20; ++i) set.add(over[i], i);
    REQUIRE(set.look().ok());
    REQUIRE(set.ready_count() == 20);
  }
}

TEST_CASE("fairness: who looks without waiting and finds nothing sleeps every 64th time, and at no other") {
  Scene scene;
  auto [number, peer] = connected();
  polled(number, POLLIN, 0);  // makes what looks need
  polled(number, POLLIN, 1);
  const uint64_t before = host().clock;
  const int suspensions = host().suspensions;
  for (int i = 0; i < 63; ++i) CHECK(polled(number, POLLIN, 0) == 0);
  CHECK(host().suspensions == suspensions);
  CHECK(host().clock == before);
  CHECK(polled(number, POLLIN, 0) == 0);
  CHECK(host().suspensions > suspensions);
  // While something is known, and in waits that the program makes, there is no need.
  peer->sends("x");
  CHECK(polled(number, POLLIN, 0) == POLLIN);
  const int after = host().suspensions;
  for (int i = 0; i < 200; ++i) CHECK(polled(number, POLLIN, 0) == POLLIN);
  CHECK(host().suspensions == after);
}
