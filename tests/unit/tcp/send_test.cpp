// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP sending: permits of every size, slow readers, errors, and hosts of both habits.
#include <cstring>

#include "scene.h"

using fake::ms;

namespace {

ssize_t sent(int number, const std::string& data, int flags = 0) {
  return guest::send(number, data.data(), data.size(), flags);
}

}  // namespace

TEST_CASE("tcp send: permits that are smaller than the data") {
  Scene scene;
  auto [number, peer] = connected();
  peer->out.permits = {3, 0, 1, 0, 0};
  CHECK_THAT(sent(number, "hello world"), Returns(11));
  CHECK(peer->received() == "hello world");
}

TEST_CASE("tcp send: without waiting, as much as the permit lets pass") {
  Scene scene;
  auto [number, peer] = connected(O_NONBLOCK);
  peer->out.permits = {3, 0, 0, 0};
  CHECK_THAT(sent(number, "hello"), Returns(3));
  CHECK(peer->received() == "hel");
}

TEST_CASE("tcp send: a permit of nothing is EAGAIN without waiting") {
  Scene scene;
  auto [number, peer] = connected(O_NONBLOCK);
  peer->stops_reading(0);
  CHECK_THAT(sent(number, "x"), Fails(EAGAIN));
  CHECK((polled(number, POLLOUT) & POLLOUT) == 0);
  peer->reads(10);
  CHECK(polled(number, POLLOUT) == POLLOUT);
  CHECK_THAT(sent(number, "x"), Returns(1));
}

TEST_CASE("tcp send: no more than 64K a write, whatever the host permits") {
  Scene scene;
  host().older = GENERATE(false, true);
  auto [number, peer] = connected();
  const std::string data(1000000, 'x');
  CHECK_THAT(sent(number, data), Returns(1000000));
  CHECK(peer->received() == data);
}

TEST_CASE("tcp send: several buffers go out as one write") {
  Scene scene;
  auto [number, peer] = connected();
  host().forget_calls();
  char a[] = "one ", b[] = "two ", c[] = "three";
  const iovec vector[] = {{a, 4}, {b, 4}, {nullptr, 0}, {c, 5}};
  CHECK_THAT(guest::writev(number, vector, 4), Returns(13));
  CHECK(peer->received() == "one two three");
  CHECK(host().calls_of("output-stream.write") == 1);
}

TEST_CASE("tcp send: many buffers of odd sizes lose nothing over small permits") {
  Scene scene;
  auto [number, peer] = connected();
  std::string data;
  for (int i = 0; i < 5000; ++i) data += std::to_string(i) + ",";
  std::vector<iovec> vector;
  for (size_t at = 0, step = 1; at < data.size(); at += step, step = step * 3 % 1009 + 1)
    vector.push_back({data.data() + at, std::min(step, data.size() - at)});
  REQUIRE(vector.size() < 1024);
  for (uint64_t i = 1; i < 60; ++i) peer->out.permits.push_back(i * 7 % 100);
  CHECK_THAT(guest::writev(number, vector.data(), static_cast<int>(vector.size())),
             Returns(static_cast<long long>(data.size())));
  CHECK(peer->received() == data);
}

TEST_CASE("tcp send: a blocking send waits for a slow reader") {
  Scene scene;
  host().older = GENERATE(false, true);
  auto [number, peer] = connected();
  peer->stops_reading(5);
  host().after(10 * ms, [peer = peer] { peer->reads(3); });
  host().after(25 * ms, [peer = peer] { peer->reads(); });
  CHECK_THAT(sent(number, "12345678"), Returns(8));  // the host's task holds the rest
  CHECK_MS(25, CHECK_THAT(sent(number, "abcdef"), Returns(6)));
  CHECK(peer->received() == "12345678abcdef");
}

TEST_CASE("tcp send: SO_SNDTIMEO is a timer of inactivity") {
  Scene scene;
  auto [number, peer] = connected();
  set_timeout(number, SO_SNDTIMEO, 50);
  CHECK_THAT(sent(number, "first"), Returns(5));
  peer->stops_reading(0);
  CHECK_MS(50, CHECK_THAT(sent(number, "x"), Fails(EAGAIN)));
  peer->out.permits = {2};
  CHECK_MS(50, CHECK_THAT(sent(number, "four"), Returns(2)));
  peer->reads();
}

TEST_CASE("tcp send: after shutdown and after the peer has gone it is EPIPE") {
  Scene scene;
  auto [number, peer] = connected();
  SECTION("shutdown") {
    REQUIRE(guest::shutdown(number, SHUT_WR) == 0);
    CHECK(peer->has_fin());
  }
  SECTION("broken pipe") { peer->breaks("", "Kind(BrokenPipe)"); }
  CHECK_THAT(sent(number, "x"), Fails(EPIPE));
  CHECK_THAT(sent(number, "x"), Fails(EPIPE));
}

TEST_CASE("tcp send: a reset is told once and is EPIPE afterwards") {
  Scene scene;
  auto [number, peer] = connected();
  peer->resets();
  CHECK_THAT(sent(number, "x"), Fails(ECONNRESET));
  CHECK_THAT(sent(number, "x"), Fails(EPIPE));
  CHECK(received(number, 10).empty());
}

TEST_CASE("tcp send: data before a reset that ends a wait counts, the error comes next") {
  Scene scene;
  auto [number, peer] = connected();
  peer->out.permits = {2};
  peer->stops_reading(2);
  host().after(5 * ms, [peer = peer] { peer->resets(); });
  CHECK_THAT(sent(number, "four"), Returns(2));
  CHECK_THAT(sent(number, "four"), Fails(ECONNRESET));
}

TEST_CASE("tcp send: a host out of its budget doesn't make EAGAIN of room that is there") {
  Scene scene;
  auto [number, peer] = connected(O_NONBLOCK);
  host().budget = true;
  for (int i = 0; i < 1000; ++i) REQUIRE(sent(number, "x") == 1);
  CHECK(peer->received().size() == 1000);
}

TEST_CASE("tcp send: on an older host room shows without poll once the reader has read") {
  Scene scene;
  host().older = true;
  auto [number, peer] = connected(O_NONBLOCK);
  peer->stops_reading(1);
  CHECK_THAT(sent(number, "abc"), Returns(3));
  CHECK_THAT(sent(number, "d"), Fails(EAGAIN));
  peer->reads();
  CHECK_THAT(sent(number, "d"), Returns(1));
  CHECK(peer->received() == "abcd");
}

TEST_CASE("tcp send: nothing is sent for no data") {
  Scene scene;
  auto [number, peer] = connected();
  host().forget_calls();
  CHECK_THAT(guest::send(number, nullptr, 0, 0), Returns(0));
  CHECK(host().calls_of("output-stream.write") == 0);
}

TEST_CASE("tcp send: data that arrives meanwhile doesn't keep a blocked send busy") {
  Scene scene;
  auto [number, peer] = connected();
  CHECK_THAT(sent(number, "x"), Returns(1));
  peer->stops_reading(0);
  peer->sends(std::string(100000, 'i'));
  host().after(10 * ms, [peer = peer] { peer->sends("more"); });
  host().after(20 * ms, [peer = peer] { peer->reads(); });
  host().forget_calls();
  CHECK_MS(20, CHECK_THAT(sent(number, "y"), Returns(1)));
  CHECK(host().calls_of("poll") < 12);
}
