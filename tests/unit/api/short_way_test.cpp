// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The short way of recv and send for what is there already, or held already: nothing that the long way sees to is lost.
#include "scene.h"

namespace {

constexpr uint64_t ms = fake::ms;

Connected no_delay() {
  const Connected result = connected();
  REQUIRE(set_option(result.number, IPPROTO_TCP, TCP_NODELAY, 1) == 0);
  return result;
}

ssize_t send_text(int number, const std::string& text, int flags = 0) {
  return guest::send(number, text.data(), text.size(), flags);
}

}  // namespace

TEST_CASE("short way: receiving on one socket lets go what another one holds") {
  Scene scene;
  auto [reader, source] = connected();
  source->sends("0123456789");
  CHECK(received(reader, 2) == "01");
  auto [writer, sink] = no_delay();
  send_text(writer, "held");
  CHECK(sink->received().empty());
  CHECK(received(reader, 2) == "23");
  CHECK(sink->received() == "held");
  CHECK(received(reader, 100) == "456789");
}

TEST_CASE("short way: sending on one socket lets go what another one holds") {
  Scene scene;
  auto [first, first_peer] = no_delay();
  auto [second, second_peer] = no_delay();
  send_text(first, "a");
  send_text(first, "b");
  send_text(second, "c");
  CHECK(first_peer->received() == "ab");
  send_text(second, "d");
  send_text(first, "e");
  CHECK(second_peer->received() == "cd");
  guest::close(-1);
  CHECK(first_peer->received() == "abe");
}

TEST_CASE("short way: what is held keeps its order, whichever flags it was sent with") {
  Scene scene;
  auto [number, peer] = no_delay();
  std::string all;
  for (int i = 0; i < 3000; ++i) {
    const std::string text(static_cast<size_t>(i % 37 + 1), static_cast<char>('a' + i % 26));
    REQUIRE(send_text(number, text, i % 5 == 0 ? MSG_MORE : 0) == static_cast<ssize_t>(text.size()));
    all += text;
  }
  CHECK(all.compare(0, peer->received().size(), peer->received()) == 0);
  CHECK(all.size() - peer->received().size() <= 16384);
  guest::close(number);
  CHECK(peer->received() == all);
}

TEST_CASE("short way: what was held long goes with the next send") {
  const bool corked = GENERATE(false, true);
  Scene scene;
  auto [number, peer] = connected();
  REQUIRE(set_option(number, IPPROTO_TCP, corked ? TCP_CORK : TCP_NODELAY, 1) == 0);
  send_text(number, "a");
  host().clock += corked ? 190 * ms : 4 * ms;
  send_text(number, "b");
  CHECK(peer->received().empty());
  // The clock is looked at again before the seventeenth.
  for (int i = 0; i < 14; ++i) send_text(number, "c");
  host().clock += 20 * ms;
  send_text(number, "d");
  CHECK(peer->received() == "ab" + std::string(14, 'c'));
  host().clock += 300 * ms;
  send_text(number, "e");
  CHECK(peer->received() == "ab" + std::string(14, 'c') + "d");
}

TEST_CASE("short way: a send after shutdown or a reset fails, also while something is held") {
  Scene scene;
  auto [number, peer] = connected();
  send_text(number, "a", MSG_MORE);
  send_text(number, "b", MSG_MORE);
  SECTION("shutdown") {
    guest::shutdown(number, SHUT_WR);
    CHECK_THAT(send_text(number, "c", MSG_MORE), Fails(EPIPE));
    CHECK(peer->received() == "ab");
  }
  SECTION("reset") {
    peer->resets();
    CHECK((polled(number, POLLIN) & POLLERR) != 0);
    CHECK_THAT(send_text(number, "c", MSG_MORE), Fails(ECONNRESET));
  }
}

TEST_CASE("short way: memory that isn't there is EFAULT, the wrong descriptor EBADF or ENOTSOCK") {
  Scene scene;
  auto [number, peer] = connected();
  peer->sends("0123456789");
  CHECK(received(number, 2) == "01");
  CHECK_THAT(guest::recv(number, nullptr, 2, 0), Fails(EFAULT));
  CHECK_THAT(guest::recv(-1, nullptr, 2, 0), Fails(EBADF));
  CHECK_THAT(guest::recv(1 << 30, nullptr, 2, 0), Fails(EBADF));
  CHECK(received(number, 100) == "23456789");
  send_text(number, "a", MSG_MORE);
  send_text(number, "b", MSG_MORE);
  CHECK_THAT(guest::send(number, nullptr, 2, MSG_MORE), Fails(EFAULT));
  CHECK_THAT(guest::send(-1, "x", 1, MSG_MORE), Fails(EBADF));
}

TEST_CASE("poll and epoll: a host whose budget ends within a large set doesn't hide what else is ready") {
  constexpr int active = 150, idle = 50;
  Scene scene;
  host().budget = true;  // from the beginning: the library finds out once what its host is like
  const int epoll = guest::epoll_create1(0);
  std::vector<Connected> all;
  std::vector<pollfd> entries;
  for (int i = 0; i < active + idle; ++i) {
    all.push_back(connected());
    entries.push_back({all.back().number, POLLIN, 0});
    epoll_event event = {};
    event.events = EPOLLIN;
    REQUIRE(guest::epoll_ctl(epoll, EPOLL_CTL_ADD, all.back().number, &event) == 0);
  }
  for (int i = 0; i < active; ++i) all[static_cast<size_t>(i)].peer->sends("x");
  SECTION("poll") { CHECK(guest::poll(entries.data(), entries.size(), -1) == active); }
  SECTION("epoll_wait") {
    std::vector<epoll_event> events(active + idle);
    CHECK(guest::epoll_wait(epoll, events.data(), active + idle, -1) == active);
  }
}
