// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The program's end with peers that take nothing: how long it waits.
#include "fd/table.h"
#include "libc.h"
#include "scene.h"

using fake::ms;

namespace {

void set_linger(int number, int seconds) {
  const struct linger value = {1, seconds};
  REQUIRE(guest::setsockopt(number, SOL_SOCKET, SO_LINGER, &value, sizeof value) == 0);
}

/// A connection whose host has no room for what was sent.
Connected stuck() {
  Connected result = connected();
  polled(result.number, POLLOUT);  // the host knows that it is connected
  guest::send(result.number, "abc", 3, MSG_MORE);
  result.peer->stops_reading(0);
  return result;
}

}  // namespace

TEST_CASE("exit: waits 10 seconds for a peer that takes nothing") {
  Scene scene;
  auto [number, peer] = stuck();
  CHECK_MS(10000, posix_sockets::fd::drain_all());
  peer->reads();
}

TEST_CASE("exit: WASI_POSIX_EXIT_WAIT says how long, and what isn't a number is as if it weren't set") {
  struct {
    const char* text;
    uint64_t seconds;
  } const values[] = {{"0", 0}, {"3", 3}, {"120", 120}, {"", 10}, {"-1", 10}, {"1.5", 10}, {"2s", 10}, {" 2", 10}};
  for (const auto& value : values) {
    INFO(value.text);
    Scene scene;
    fake::libc().environment["WASI_POSIX_EXIT_WAIT"] = value.text;
    auto [number, peer] = stuck();
    CHECK_MS(value.seconds * 1000, posix_sockets::fd::drain_all());
    peer->reads();
  }
  fake::libc().environment.clear();
}

TEST_CASE("exit: SO_LINGER says how long") {
  for (const int seconds : {0, 2, 15}) {
    Scene scene;
    auto [number, peer] = stuck();
    set_linger(number, seconds);
    CHECK_MS(static_cast<uint64_t>(seconds) * 1000, posix_sockets::fd::drain_all());
    peer->reads();
  }
}

TEST_CASE("exit: whoever gets on gives the others as much time again") {
  Scene scene;
  auto one = stuck(), other = stuck();
  host().after(8000 * ms, [&] { one.peer->reads(); });
  CHECK_MS(18000, posix_sockets::fd::drain_all());
  CHECK(one.peer->received() == "abc");
  other.peer->reads();
}

TEST_CASE("exit: a connection that was closed with SO_LINGER has had its time") {
  Scene scene;
  auto [number, peer] = stuck();
  set_linger(number, 2);
  CHECK_MS(2000, CHECK_THAT(guest::close(number), Returns(0)));
  CHECK_MS(0, posix_sockets::fd::drain_all());
  peer->reads();
}

TEST_CASE("exit: a connection that was closed without SO_LINGER has 10 seconds from the program's end on") {
  Scene scene;
  auto [number, peer] = stuck();
  CHECK_THAT(guest::close(number), Returns(0));
  host().clock += 60000 * ms;
  CHECK_MS(10000, posix_sockets::fd::drain_all());
  peer->reads();
}
