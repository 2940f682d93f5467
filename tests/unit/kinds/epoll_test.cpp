// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Epoll sets: what they ask of the host, and nothing of it in vain.
#include "scene.h"

using fake::ms;

namespace {

int epoll_with(int number, uint32_t events) {
  const int set = guest::epoll_create1(0);
  epoll_event event = {};
  event.events = events;
  event.data.fd = number;
  REQUIRE(guest::epoll_ctl(set, EPOLL_CTL_ADD, number, &event) == 0);
  return set;
}

}  // namespace

TEST_CASE("epoll: a set in poll that waits for something else than input doesn't keep it busy") {
  Scene scene;
  const int timer = guest::timerfd_create(CLOCK_MONOTONIC, 0);
  const itimerspec value = {{0, 0}, {0, 5000000}};
  REQUIRE(guest::timerfd_settime(timer, 0, &value, nullptr) == 0);
  const int set = epoll_with(timer, EPOLLIN);
  host().forget_calls();
  CHECK_MS(30, CHECK(polled(set, POLLOUT, 30) == 0));
  CHECK(host().calls_of("poll") < 5);
  CHECK(polled(set, POLLIN, 30) == POLLIN);
}

TEST_CASE("epoll: data that arrives ends the wait, and only once by edge") {
  Scene scene;
  auto [number, peer] = connected();
  const int set = epoll_with(number, EPOLLIN | EPOLLET);
  epoll_event event = {};
  host().after(8 * ms, [peer = peer] { peer->sends("abc"); });
  CHECK_MS(8, CHECK_THAT(guest::epoll_wait(set, &event, 1, 100), Returns(1)));
  CHECK(event.events == EPOLLIN);
  CHECK_MS(20, CHECK_THAT(guest::epoll_wait(set, &event, 1, 20), Returns(0)));
  peer->sends("d");
  CHECK_THAT(guest::epoll_wait(set, &event, 1, 20), Returns(1));
  CHECK(received(number, 10) == "abcd");
}

TEST_CASE("epoll: closing a descriptor takes it off, and a set may go before or after its members") {
  Scene scene;
  auto [number, peer] = connected();
  const int set = epoll_with(number, EPOLLIN);
  peer->sends("x");
  epoll_event event = {};
  CHECK_THAT(guest::epoll_wait(set, &event, 1, 0), Returns(1));
  SECTION("member first") {
    guest::close(number);
    CHECK_THAT(guest::epoll_wait(set, &event, 1, 0), Returns(0));
  }
  SECTION("set first") {
    guest::close(set);
    CHECK(received(number, 1) == "x");
  }
}

TEST_CASE("epoll: a wait is one host call, over many sockets and with one active") {
  Scene scene;
  const int set = guest::epoll_create1(0);
  std::vector<Connected> all;
  for (int i = 0; i < 40; ++i) {
    all.push_back(connected());
    epoll_event event = {};
    event.events = EPOLLIN;
    event.data.fd = all.back().number;
    REQUIRE(guest::epoll_ctl(set, EPOLL_CTL_ADD, all.back().number, &event) == 0);
  }
  epoll_event event = {};
  CHECK_THAT(guest::epoll_wait(set, &event, 1, 0), Returns(0));
  all[17].peer->sends("x");
  host().forget_calls();
  CHECK_THAT(guest::epoll_wait(set, &event, 1, 1000), Returns(1));
  CHECK(event.data.fd == all[17].number);
  CHECK(host().calls_of("poll") == 1);
}
