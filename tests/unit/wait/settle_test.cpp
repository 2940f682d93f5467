// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "wait/settle.h"

#include "scene.h"
#include "wait/alarm.h"
#include "wait/poll_set.h"
#include "wit-bindings/host.h"

using fake::ms;
using posix_sockets::settle;
using posix_sockets::Settling;
using posix_sockets::SettlingTime;
using posix_sockets::Source;

namespace {

// A source that is ready after `duration`.
struct After {
  explicit After(uint64_t duration) { timer.set(posix_sockets::host::now() + duration); }
  operator const Source&() { return timer.source(); }
  posix_sockets::host::Timer timer;
};

}  // namespace

TEST_CASE("settling: ends with the source, or with the time of its reason") {
  Scene scene;
  After soon(2 * ms), late(500 * ms);
  CHECK_MS(2, CHECK(settle(Settling::arrival, soon)));
  CHECK_MS(5, CHECK_FALSE(settle(Settling::arrival, late)));
  CHECK_MS(0, CHECK_FALSE(settle(Settling::look, late)));
  CHECK_MS(0, CHECK(settle(Settling::look, soon)));
}

TEST_CASE("settling: the first of several sources ends it") {
  Scene scene;
  After late(500 * ms), soon(3 * ms);
  const Source* const sources[] = {&late.timer.source(), &soon.timer.source()};
  CHECK_MS(3, CHECK(settle(Settling::arrival, sources, 2)));
  CHECK_MS(5, CHECK_FALSE(settle(Settling::arrival, sources, 1)));
}

TEST_CASE("settling: several looks share the time of one reason") {
  Scene scene;
  After soon(15 * ms), late(500 * ms);
  SettlingTime time(Settling::early_end);
  CHECK_MS(15, CHECK(time.settle(soon)));
  CHECK_MS(5, CHECK_FALSE(time.settle(late)));
  CHECK_MS(0, CHECK_FALSE(time.settle(late)));
}

TEST_CASE("settling: after an arrival that didn't come the next ones are spared") {
  Scene scene;
  host().clock += 1000 * ms;  // what other cases left behind is over
  After late(500 * ms);
  const Source* const list[] = {&late.timer.source()};
  uint32_t expected = 7;
  CHECK_MS(5, CHECK_FALSE(posix_sockets::settle_arrival(list, 1, expected)));
  CHECK(expected == 0);
  expected = 7;
  CHECK_MS(0, CHECK_FALSE(posix_sockets::settle_arrival(list, 1, expected)));
  CHECK(expected == 7);
  host().clock += 21 * ms;
  CHECK_MS(5, CHECK_FALSE(posix_sockets::settle_arrival(list, 1, expected)));
}

TEST_CASE("settling: neither an alarm nor what is held back is touched") {
  Scene scene;
  static int rings, chores;
  rings = chores = 0;
  posix_sockets::the_alarm.ring = [] {
    ++rings;
    posix_sockets::the_alarm.due = {};
    return posix_sockets::Interruption::stop;
  };
  posix_sockets::the_alarm.due = {host().clock + 1 * ms};
  posix_sockets::BeforeWait chore([](posix_sockets::PollSet&) { ++chores; });
  chore.enlist();
  After late(500 * ms);
  CHECK_MS(5, CHECK_FALSE(settle(Settling::arrival, late)));
  CHECK_FALSE(settle(Settling::look, late));
  CHECK(rings == 0);
  CHECK(chores == 0);
  posix_sockets::the_alarm = {};
  chore.leave();
}
