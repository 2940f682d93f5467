// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// poll and select over mixed sets with a clock that can be read.
#include "scene.h"

using fake::ms;

TEST_CASE("poll: timeouts to the millisecond") {
  Scene scene;
  CHECK_MS(25, CHECK_THAT(guest::poll(nullptr, 0, 25), Returns(0)));
  CHECK_MS(0, CHECK_THAT(guest::poll(nullptr, 0, 0), Returns(0)));
  const timespec time = {1, 500000000};
  CHECK_MS(1500, CHECK_THAT(guest::ppoll(nullptr, 0, &time, nullptr), Returns(0)));
  timeval left = {0, 300000};
  CHECK_MS(300, CHECK_THAT(guest::select(0, nullptr, nullptr, nullptr, &left), Returns(0)));
}

TEST_CASE("poll: what is left of select's timeout") {
  Scene scene;
  auto [number, peer] = connected();
  host().after(100 * ms, [peer = peer] { peer->sends("x"); });
  fd_set set;
  FD_ZERO(&set);
  FD_SET(number, &set);
  timeval left = {1, 0};
  CHECK_THAT(guest::select(number + 1, &set, nullptr, nullptr, &left), Returns(1));
  CHECK(left.tv_sec == 0);
  CHECK((left.tv_usec + 500) / 1000 == 900);
}

TEST_CASE("poll: bad, negative, double and plain descriptors in one set") {
  Scene scene;
  auto [number, peer] = connected();
  peer->sends("x");
  pollfd entries[] = {{99, POLLIN, 7},      {-5, POLLIN, 7}, {number, POLLIN, 7},
                      {number, POLLOUT, 7}, {1, POLLOUT, 7}, {number, 0, 7}};
  CHECK_THAT(guest::poll(entries, 6, -1), Returns(4));
  CHECK(entries[0].revents == POLLNVAL);
  CHECK(entries[1].revents == 0);
  CHECK(entries[2].revents == POLLIN);
  CHECK(entries[3].revents == POLLOUT);
  CHECK(entries[4].revents == POLLOUT);
  CHECK(entries[5].revents == 0);
}

TEST_CASE("poll: standard input wakes a set that holds a socket, and is then read") {
  Scene scene;
  auto [number, peer] = connected();
  pollfd entries[] = {{0, POLLIN, 0}, {number, POLLIN, 0}};
  CHECK_MS(10, CHECK_THAT(guest::poll(entries, 2, 10), Returns(0)));
  host().after(20 * ms, [] {
    host().input.data = "typed\n";
    host().input.arrived();
  });
  CHECK_MS(20, CHECK_THAT(guest::poll(entries, 2, -1), Returns(1)));
  CHECK(entries[0].revents == POLLIN);
  char buffer[20];
  CHECK_THAT(guest::read(0, buffer, sizeof buffer), Returns(6));
  host().input.finished = true;
  host().input.arrived();
  CHECK_THAT(guest::poll(entries, 1, -1), Returns(1));
  CHECK_THAT(guest::read(0, buffer, sizeof buffer), Returns(0));
  guest::close(0);
}

TEST_CASE("poll: an idle wait sleeps in one host call") {
  Scene scene;
  auto [number, peer] = connected();
  polled(number, POLLIN);
  host().forget_calls();
  CHECK_MS(5000, CHECK(polled(number, POLLIN, 5000) == 0));
  CHECK(host().calls_of("poll") == 1);
}
