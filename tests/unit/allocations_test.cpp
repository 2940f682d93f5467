// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Sending, receiving and waiting allocate nothing once they have been done a few times.
#include "scene.h"

namespace {

// Allocations of `operation`, after it has been done often enough for buffers and pollables to be there.
template <class Operation>
int allocations(Operation operation) {
  for (int i = 0; i < 3; ++i) operation();
  fake::memory::fail_at(0);  // counts from here on
  for (int i = 0; i < 3; ++i) operation();
  return fake::memory::count();
}

std::string large(65536, 'x');

}  // namespace

TEST_CASE("allocations: none for sending on TCP") {
  const size_t size = GENERATE(1, 1024, 65536);
  Scene scene;
  auto [number, peer] = connected();
  CHECK(allocations([&] { CHECK(guest::send(number, large.data(), size, 0) == static_cast<ssize_t>(size)); }) == 0);
}

TEST_CASE("allocations: none for gathering what is sent") {
  const int option = GENERATE(TCP_CORK, TCP_NODELAY, 0);
  Scene scene;
  auto [number, peer] = connected();
  if (option != 0) REQUIRE(set_option(number, IPPROTO_TCP, option, 1) == 0);
  const iovec vector[] = {{large.data(), 100}, {large.data(), 20000}, {large.data(), 300}};
  CHECK(allocations([&] {
          for (int i = 0; i < 40; ++i) guest::send(number, large.data(), 1000, option == 0 ? MSG_MORE : 0);
          guest::send(number, "x", 1, 0);
          CHECK(guest::writev(number, vector, 3) > 0);
        }) == 0);
}

TEST_CASE("allocations: none for receiving from TCP") {
  const size_t size = GENERATE(1, 1024, 65536);
  Scene scene;
  auto [number, peer] = connected();
  std::string room(size, 0);
  CHECK(allocations([&, peer = peer] {
          peer->sends(large);
          for (size_t done = 0; done < large.size();) {
            const auto n = guest::recv(number, room.data(), size, 0);
            REQUIRE(n > 0);
            done += static_cast<size_t>(n);
          }
          CHECK(guest::recv(number, room.data(), size, MSG_DONTWAIT) == -1);
        }) == 0);
}

TEST_CASE("allocations: none for UDP") {
  Scene scene;
  auto [number, side] = bound_udp(5000);
  const sockaddr_in remote = to("127.0.0.1", 9);
  char room[100];
  CHECK(allocations([&, side = side] {
          CHECK(guest::sendto(number, "x", 1, 0, any(remote), sizeof remote) == 1);
          side->arrives("x", fake::ipv4("127.0.0.1", 9));
          CHECK(guest::recv(number, room, sizeof room, 0) == 1);
        }) == 0);
}

TEST_CASE("allocations: none for waiting, however many are waited for") {
  const int idle = GENERATE(1, 10, 200);
  Scene scene;
  const int epoll = guest::epoll_create1(0);
  std::vector<Connected> all;
  std::vector<pollfd> entries;
  for (int i = 0; i <= idle; ++i) {
    all.push_back(connected());
    entries.push_back({all.back().number, POLLIN, 0});
    epoll_event event = {};
    event.events = EPOLLIN;
    REQUIRE(guest::epoll_ctl(epoll, EPOLL_CTL_ADD, all.back().number, &event) == 0);
  }
  char room[10];
  const auto came = [&] {
    all[0].peer->sends("x");
    all[1].peer->sends("x");
  };
  const auto take = [&] {
    for (int i = 0; i < 2; ++i) CHECK(guest::recv(all[static_cast<size_t>(i)].number, room, sizeof room, 0) == 1);
  };
  CHECK(allocations([&] {
          came();
          CHECK(guest::poll(entries.data(), entries.size(), -1) == 2);
          take();
        }) == 0);
  CHECK(allocations([&] {
          came();
          epoll_event events[4];
          for (int got = 0; got < 2;) {
            const int n = guest::epoll_wait(epoll, events, 4, 100);
            REQUIRE(n > 0);
            got += n;
            for (int i = 0; i < 2; ++i)
              (void)guest::recv(all[static_cast<size_t>(i)].number, room, sizeof room, MSG_DONTWAIT);
          }
        }) == 0);
}
