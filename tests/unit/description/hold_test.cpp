// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a call uses lives as long as the call, whatever is closed while it waits.
#include "description/hold.h"

#include "fd/table.h"
#include "scene.h"
#include "wait/alarm.h"

using posix_sockets::Description;
using posix_sockets::Hold;
using posix_sockets::Interruption;
using posix_sockets::the_alarm;

namespace {

constexpr uint64_t ms = fake::ms;

int closed;  // by the handlers
Peer peer;
std::string seen;
Interruption way;

// `ring` comes while the next call waits.
void ring_soon(Interruption (*ring)(), int number) {
  closed = number;
  the_alarm.ring = ring;
  the_alarm.due = {host().clock + 5 * ms};
}

// As another thread would close it.
Interruption close_within_call() {
  the_alarm.due = {};
  CHECK(guest::close(closed) == 0);
  peer->sends("late");
  return way;
}

// As a handler closes it.
Interruption close_in_handler() {
  const Hold::Interruption interruption;
  the_alarm.due = {};
  CHECK(guest::close(closed) == 0);
  seen = peer->closed ? "ended" : "open";
  return way;
}

}  // namespace

TEST_CASE("hold: a description lives until the call ends that another one's close leaves it to") {
  Scene scene;
  for (const Interruption each : {Interruption::stop, Interruption::restart}) {
    way = each;
    const Connected connection = connected();
    peer = connection.peer;
    ring_soon(close_within_call, connection.number);
    CHECK(received(connection.number, 10) == (each == Interruption::stop ? "[EINTR]" : "[EBADF]"));
    CHECK(peer->closed);
  }
}

TEST_CASE("hold: what a handler closes is closed at once") {
  Scene scene;
  for (const Interruption each : {Interruption::stop, Interruption::restart}) {
    way = each;
    const Connected connection = connected();
    peer = connection.peer;
    ring_soon(close_in_handler, connection.number);
    CHECK(received(connection.number, 10) == (each == Interruption::stop ? "[EINTR]" : "[EBADF]"));
    CHECK(seen == "ended");
  }
}

TEST_CASE("hold: a call counts as one reference, and none while a handler has interrupted it") {
  Scene scene;
  const int number = tcp();
  Description* description = posix_sockets::fd::find(number);
  CHECK(description->references == 1);
  {
    const Hold outer(description);
    CHECK(description->references == 2);
    {
      const Hold::Interruption first;
      CHECK(description->references == 1);
      const Hold inner(description);
      CHECK(description->references == 2);
      {
        const Hold::Interruption second;
        CHECK(description->references == 1);
      }
      CHECK(description->references == 2);
    }
    CHECK(description->references == 2);
  }
  CHECK(description->references == 1);
}

TEST_CASE("hold: who jumps out of calls leaves no reference behind") {
  Scene scene;
  const int number = tcp();
  Description* description = posix_sockets::fd::find(number);
  alignas(Hold) char frames[2][sizeof(Hold)];  // the lower one is that of the inner call
  new (frames[1]) Hold(description);
  new (frames[0]) Hold(description);
  CHECK(description->references == 3);
  Hold::let_go_below(frames[1]);
  CHECK(description->references == 2);
  Hold::let_go_below(frames[2]);
  CHECK(description->references == 1);
}

TEST_CASE("hold: nothing is held that a handler closed, after a nested one") {
  Scene scene;
  const int number = tcp();
  const Hold outer(posix_sockets::fd::find(number));
  {
    const Hold::Interruption first;
    const Hold inner(posix_sockets::fd::find(number));
    const Hold::Interruption second;
    CHECK(guest::close(number) == 0);
    CHECK(inner.ours == nullptr);
  }
  CHECK(outer.ours == nullptr);
}
