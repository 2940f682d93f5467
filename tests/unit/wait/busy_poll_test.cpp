// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A large set with one busy connection: the guest looks at that instead of sleeping, and stops when it doesn't pay.
#include "scene.h"

namespace {

// A look at a pollable takes as long as a real host's.
constexpr uint64_t look_ns = 400;

struct Crowd {
  Scene scene;
  std::vector<Connected> all;
  std::vector<pollfd> entries;

  explicit Crowd(size_t size = 100) {
    for (size_t i = 0; i < size; ++i) {
      all.push_back(connected());
      entries.push_back({all.back().number, POLLIN, 0});
    }
    host().look_takes = look_ns;
  }

  int poll(int timeout = -1) { return guest::poll(entries.data(), entries.size(), timeout); }
  // The answer of `which` comes after `delay`.
  void answers(size_t which, uint64_t delay) {
    host().after(delay, [peer = all[which].peer] { peer->sends("x"); });
  }
  void round(size_t which, uint64_t delay) {
    answers(which, delay);
    REQUIRE(poll() == 1);
    CHECK(entries[which].revents == POLLIN);
    CHECK(received(all[which].number, 10) == "x");
  }
  void rounds(int count, size_t which, uint64_t delay) {
    for (int i = 0; i < count; ++i) round(which, delay);
  }
};

}  // namespace

TEST_CASE("busy poll: quick answers of one connection are found without a poll of all") {
  Crowd crowd;
  crowd.rounds(3, 40, 20 * fake::us);
  host().forget_calls();
  crowd.rounds(10, 40, 20 * fake::us);
  CHECK(host().calls_of("pollable.ready") >= 300);
  CHECK(host().calls_of("poll") <= 2);  // what the pace wants
}

TEST_CASE("busy poll: the others are found soon, too") {
  Crowd crowd;
  crowd.rounds(10, 40, 20 * fake::us);
  crowd.all[7].peer->sends("y");
  const uint64_t begin = host().clock;
  int rounds = 0;
  do {
    ++rounds;
    crowd.answers(40, 20 * fake::us);
    CHECK(crowd.poll() >= 1);
    if (crowd.entries[40].revents != 0) CHECK(received(crowd.all[40].number, 10) == "x");
  } while (crowd.entries[7].revents == 0 && rounds < 1000);
  CHECK(rounds < 1000);
  CHECK(host().clock - begin < 2 * fake::ms + 100 * fake::us);
}

TEST_CASE("busy poll: nobody looks for slow answers") {
  Crowd crowd;
  host().forget_calls();
  crowd.rounds(20, 40, 3 * fake::ms);
  CHECK(host().calls_of("pollable.ready") == 0);
}

TEST_CASE("busy poll: nobody looks where another one is ready each time") {
  Crowd crowd;
  host().forget_calls();
  for (size_t i = 0; i < 200; ++i) crowd.round(i * 7 % crowd.all.size(), 20 * fake::us);
  CHECK(host().calls_of("pollable.ready") == 0);
}

TEST_CASE("busy poll: looking in vain becomes rare") {
  Crowd crowd;
  crowd.rounds(10, 40, 20 * fake::us);
  host().forget_calls();
  // Quick enough to be worth a try, too slow for it to succeed.
  crowd.rounds(1000, 40, 110 * fake::us);
  CHECK(host().calls_of("pollable.ready") <= 10 * 128);
  CHECK(host().calls_of("pollable.ready") > 0);
}

TEST_CASE("busy poll: a small set sleeps at once") {
  Crowd crowd(20);
  host().forget_calls();
  crowd.rounds(20, 4, 20 * fake::us);
  CHECK(host().calls_of("pollable.ready") == 0);
}

TEST_CASE("busy poll: what is held back leaves before anybody looks") {
  Crowd crowd;
  const auto [number, peer] = crowd.all[40];
  set_option(number, IPPROTO_TCP, TCP_NODELAY, 1);
  for (int i = 0; i < 10; ++i) {
    const size_t before = peer->received().size();
    REQUIRE(guest::send(number, "ask", 3, 0) == 3);
    host().after(20 * fake::us, [&, peer = peer] {
      CHECK(peer->received().size() == before + 3);
      peer->sends("x");
    });
    REQUIRE(crowd.poll() == 1);
    CHECK(received(number, 10) == "x");
  }
  CHECK(host().calls_of("pollable.ready") > 0);
}

TEST_CASE("busy poll: a timeout passes as it should") {
  Crowd crowd;
  crowd.rounds(10, 40, 20 * fake::us);
  CHECK_MS(30, CHECK(crowd.poll(30) == 0));
}

TEST_CASE("busy poll: epoll looks, too") {
  Crowd crowd;
  const int set = guest::epoll_create1(0);
  for (Connected& one : crowd.all) {
    epoll_event event = {};
    event.events = EPOLLIN;
    event.data.fd = one.number;
    REQUIRE(guest::epoll_ctl(set, EPOLL_CTL_ADD, one.number, &event) == 0);
  }
  const auto round = [&] {
    epoll_event event = {};
    crowd.answers(40, 20 * fake::us);
    REQUIRE(guest::epoll_wait(set, &event, 1, -1) == 1);
    CHECK(event.data.fd == crowd.all[40].number);
    CHECK(received(crowd.all[40].number, 10) == "x");
  };
  for (int i = 0; i < 3; ++i) round();
  host().forget_calls();
  for (int i = 0; i < 10; ++i) round();
  CHECK(host().calls_of("poll") <= 2);
}
