// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A pollable that is dropped, or made anew, between its being listed for a wait and that wait. The fake host refuses a dropped one,
// as hosts do.
#include "scene.h"
#include "wait/poll_set.h"
#include "wit-bindings/0.2/clocks.h"

using fake::ms;
using posix_sockets::Deadline;
using posix_sockets::PollSet;

namespace {

wasi::Pollable timer(uint64_t after) { return wasi::monotonic_clock::subscribe_duration(after); }

}  // namespace

TEST_CASE("poll set: a pollable that is dropped before the wait is forgotten, and the caller gathers again at once") {
  Scene scene;
  wasi::Pollable first = timer(50 * ms);
  wasi::Pollable second = timer(50 * ms);
  PollSet set;
  set.add(first, 1);
  set.add(second, 2);
  set.add(first, 3);
  first.reset();
  CHECK_MS(0, CHECK(set.wait(Deadline{}).ok()));
  CHECK(set.ready_count() == 0);
  set.clear();
  set.add(second, 2);
  CHECK_MS(50, CHECK(set.wait(Deadline{}).ok()));
  CHECK(set.ready_tag(0) == 2);
}

TEST_CASE("poll set: what is ready beside a dropped pollable is told, under its own tag") {
  Scene scene;
  wasi::Pollable first = timer(50 * ms);
  wasi::Pollable second = timer(1);
  host().clock += ms;
  PollSet set;
  set.add(first, 1);
  set.add(second, 2);
  first = timer(60 * ms);  // another one takes its place, and maybe its index
  CHECK(set.wait(Deadline{}).ok());
  REQUIRE(set.ready_count() == 1);
  CHECK(set.ready_tag(0) == 2);
}

TEST_CASE("poll set: the only pollable is dropped: a wait without end doesn't begin") {
  Scene scene;
  wasi::Pollable only = timer(50 * ms);
  PollSet set;
  set.add(only);
  only.reset();
  CHECK_MS(0, CHECK(set.wait(Deadline{}).ok()));
}

TEST_CASE("poll set: a set in an outer wait hears of what an inner wait's caller drops") {
  Scene scene;
  wasi::Pollable dropped = timer(50 * ms);
  wasi::Pollable other = timer(1);
  PollSet outer;
  outer.add(dropped, 1);
  {
    PollSet inner;
    inner.add(other, 7);
    CHECK(inner.wait(Deadline{}).ok());
  }
  dropped.reset();
  CHECK_MS(0, CHECK(outer.wait(Deadline{}).ok()));
}

TEST_CASE("poll set: what is done before a wait may drop what the wait lists, and the wait goes back to the caller") {
  Scene scene;
  static wasi::Pollable* dropped;
  static wasi::Pollable* later;
  wasi::Pollable first = timer(50 * ms), second = timer(70 * ms);
  dropped = &first;
  later = &second;
  posix_sockets::BeforeWait chore([](PollSet& set) {
    dropped->reset();
    set.add(*later, PollSet::own_tag);
  });
  chore.enlist();
  PollSet set;
  set.add(first, 1);
  CHECK_MS(0, CHECK(set.wait(Deadline{}).ok()));
  CHECK(set.ready_count() == 0);
  chore.leave();
}
