// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a wait looks at: interests that changed, and no others.
#include "scene.h"
#include "watch/epoll_set.h"
#include "watch/wait_for_events.h"
#include "wit-bindings/host.h"

using fake::ms;
using posix_sockets::Deadline;
using posix_sockets::Description;
using posix_sockets::EpollSet;
using posix_sockets::Events;
using posix_sockets::Kind;
using posix_sockets::PollSet;
using posix_sockets::Result;
namespace events = posix_sockets::events;

namespace {

// Ready when its timer is; counts how often it is asked.
class Timed final : public Description {
 public:
  explicit Timed(uint64_t duration) : Description(Kind::standard_input) {
    timer.set(posix_sockets::host::now() + duration);
  }
  ~Timed() {
    if (!released) drop();
  }
  void release() override { released = true; }
  Events ready(Events wanted, bool probe) override {
    ++looks;
    if (probe && timer.instant() <= posix_sockets::host::now()) here = true;
    return here ? wanted & events::readable : Events{0};
  }
  void subscribe(Events, PollSet& set, uint32_t tag) override {
    if (!here) set.add(timer.source(), tag);
  }
  posix_sockets::host::Timer timer;
  int looks = 0;
  bool here = false;
  bool released = false;
};

struct Watched {
  Scene scene;
  EpollSet* set = new (malloc(sizeof(EpollSet))) EpollSet;
  epoll_event out[4];

  ~Watched() { set->release(); }
  void add(int number, Timed& timed, uint32_t events = EPOLLIN) {
    epoll_event event = {};
    event.events = events;
    event.data.fd = number;
    REQUIRE(set->add(number, &timed, event).ok());
  }
  int wait(uint64_t duration) {
    PollSet::see_all = PollSet::complete;
    const Deadline deadline = Deadline::after(posix_sockets::host::now(), duration);
    return wait_for_events(*set, [&] { return Result<int>(set->collect(out, 4)); }, deadline).value();
  }
};

}  // namespace

TEST_CASE("watcher: what has nothing to tell isn't looked at again until it changes") {
  Watched watched;
  Timed late(500 * ms), soon(20 * ms);
  watched.add(3, late);
  watched.add(4, soon);
  CHECK(watched.wait(1 * ms) == 0);
  const int looks = late.looks;
  CHECK_MS(19, CHECK(watched.wait(100 * ms) == 1));
  CHECK(watched.out[0].data.fd == 4);
  for (int i = 0; i < 5; ++i) CHECK(watched.wait(1 * ms) == 1);  // it holds
  CHECK(late.looks == looks);
  late.changed();
  CHECK(watched.wait(1 * ms) == 1);
  CHECK(late.looks > looks);
}

TEST_CASE("watcher: an interest by edge rests once it was told") {
  Watched watched;
  Timed soon(5 * ms);
  watched.add(3, soon, EPOLLIN | EPOLLET);
  CHECK_MS(5, CHECK(watched.wait(50 * ms) == 1));
  CHECK_MS(50, CHECK(watched.wait(50 * ms) == 0));
}

TEST_CASE("watcher: a description that goes takes its interests along") {
  Watched watched;
  Timed other(5 * ms);
  {
    Timed gone(1 * ms);
    watched.add(3, gone);
    watched.add(4, other);
    CHECK(watched.wait(0) == 0);
    gone.drop(3);
    CHECK(gone.released);
  }
  CHECK_MS(5, CHECK(watched.wait(50 * ms) == 1));
  CHECK(watched.out[0].data.fd == 4);
}
