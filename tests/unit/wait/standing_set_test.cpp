// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Sets whose sources stay from wait to wait.
#include "scene.h"
#include "wait/poll_set.h"
#include "wit-bindings/host.h"

using fake::ms;
using posix_sockets::Deadline;
using posix_sockets::PollSet;

namespace {

struct After {
  explicit After(uint64_t duration) { timer.set(posix_sockets::host::now() + duration); }
  posix_sockets::host::Timer timer;
};

int losses;
void lost(PollSet::Member&) { ++losses; }

struct Standing {
  Scene scene;
  PollSet set{lost};
  Standing() { losses = 0; }

  void has(PollSet::Member& member, std::initializer_list<After*> sources) {
    set.begin(member);
    for (After* each : sources) set.add(each->timer.source());
    CHECK(set.end());
  }
  // The only member that is ready.
  PollSet::Member* waited() {
    set.begin_round();
    if (!set.wait(Deadline{}).ok() || set.ready_count() != 1) return nullptr;
    return &set.ready_member(0);
  }
};

}  // namespace

TEST_CASE("standing set: sources stay from wait to wait") {
  Standing standing;
  After late(50 * ms), soon(5 * ms), later(60 * ms);
  PollSet::Member first, second;
  standing.has(first, {&late});
  standing.has(second, {&later, &soon});
  CHECK_MS(5, CHECK(standing.waited() == &second));
  standing.has(second, {&later});
  CHECK(standing.set.size() == 2);
  CHECK_MS(45, CHECK(standing.waited() == &first));
  standing.set.remove(first);
  CHECK_FALSE(first.has_sources());
  CHECK_MS(10, CHECK(standing.waited() == &second));
  standing.set.remove(second);
}

TEST_CASE("standing set: what is taken out leaves the others theirs, among many") {
  Standing standing;
  constexpr size_t count = 60;
  std::vector<std::unique_ptr<After>> timers;
  std::vector<PollSet::Member> members(count);
  for (size_t i = 0; i < 2 * count; ++i) timers.push_back(std::make_unique<After>((i + 1) * 10 * ms));
  for (size_t i = 0; i < count; ++i) standing.has(members[i], {timers[i].get(), timers[count + i].get()});
  for (size_t i = 0; i < count; i += 2) standing.set.remove(members[i]);
  CHECK(standing.set.size() == count);
  for (size_t i = 1; i < count; i += 2) {
    CHECK(standing.waited() == &members[i]);
    standing.has(members[i], {timers[count + i].get()});
  }
  for (size_t i = 1; i < count; i += 2) {
    CHECK(standing.waited() == &members[i]);
    standing.set.remove(members[i]);
  }
  CHECK(standing.set.empty());
}

TEST_CASE("standing set: a source that goes is forgotten between waits, and its owner hears of it") {
  Standing standing;
  After other(30 * ms);
  PollSet::Member first, second;
  {
    After gone(5 * ms);
    standing.has(first, {&gone, &other});
    standing.has(second, {&gone});
  }
  CHECK(losses == 2);
  CHECK_FALSE(second.has_sources());
  CHECK_MS(30, CHECK(standing.waited() == &first));
  standing.set.remove(first);
}

TEST_CASE("standing set: a source that goes just before the wait keeps it from sleeping") {
  Standing standing;
  After other(30 * ms);
  PollSet::Member member;
  auto gone = std::make_unique<After>(5 * ms);
  standing.set.begin_round();
  standing.has(member, {gone.get(), &other});
  gone.reset();
  CHECK_MS(0, CHECK(standing.set.wait(Deadline{}).ok()));
  CHECK(standing.set.ready_count() == 0);
  standing.set.remove(member);
}

TEST_CASE("standing set: no memory is ENOMEM, and the next attempt works") {
  Standing standing;
  After soon(5 * ms);
  PollSet::Member member;
  fake::memory::fail_at(1);
  standing.set.begin_round();
  standing.set.begin(member);
  standing.set.add(soon.timer.source());
  CHECK_FALSE(standing.set.end());
  CHECK(standing.set.wait(Deadline{}) == ENOMEM);
  standing.set.begin_round();
  standing.has(member, {&soon});
  CHECK_MS(5, CHECK(standing.waited() == &member));
  standing.set.remove(member);
}
