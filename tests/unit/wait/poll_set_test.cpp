// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "wait/poll_set.h"

#include "scene.h"
#include "wit-bindings/0.2/clocks.h"

using fake::ms;
using posix_sockets::Deadline;
using posix_sockets::PollSet;

TEST_CASE("poll set: an empty set sleeps until the deadline") {
  Scene scene;
  PollSet set;
  CHECK_MS(40, CHECK(set.wait(Deadline{host().clock + 40 * ms}) == ETIMEDOUT));
  CHECK_MS(0, CHECK(set.wait(Deadline{Deadline::immediately}) == ETIMEDOUT));
  CHECK(host().calls_of("poll") == 1);
}

TEST_CASE("poll set: tags of the ready ones, among many") {
  Scene scene;
  std::vector<wasi::Pollable> timers;
  PollSet set;
  for (uint32_t i = 0; i < 300; ++i) {
    timers.push_back(wasi::monotonic_clock::subscribe_duration(i % 100 == 7 ? 5 * ms : 50 * ms));
    set.add(timers.back(), i * 2);
  }
  CHECK_MS(5, CHECK(set.wait(Deadline{}).ok()));
  REQUIRE(set.ready_count() == 3);
  CHECK(set.ready_tag(0) == 14);
  CHECK(set.ready_tag(1) == 214);
  CHECK(set.ready_tag(2) == 414);
  set.clear();
  CHECK(set.empty());
}

TEST_CASE("poll set: no memory for a large set is ENOMEM, not a lost pollable") {
  Scene scene;
  std::vector<wasi::Pollable> timers;
  PollSet set;
  fake::memory::fail_at(1);
  for (uint32_t i = 0; i < 20; ++i) {
    timers.push_back(wasi::monotonic_clock::subscribe_duration(5 * ms));
    set.add(timers.back(), i);
  }
  CHECK(set.wait(Deadline{}) == ENOMEM);
  set.clear();
  set.add(timers[0], 1);
  CHECK(set.wait(Deadline{}).ok());
}

TEST_CASE("poll set: a timer that overshoots ends the wait late, not never") {
  Scene scene;
  host().timer_overshoot = 2 * ms;
  CHECK_MS(12, CHECK_THAT(guest::poll(nullptr, 0, 10), Returns(0)));
}

TEST_CASE("poll set: a look without waiting sees through a host without budget") {
  Scene scene;
  auto [number, peer] = connected();
  host().budget = true;
  for (int i = 0; i < 400; ++i) {
    peer->sends("x");
    REQUIRE(polled(number, POLLIN) == POLLIN);
    REQUIRE(received(number, 1) == "x");
  }
}
