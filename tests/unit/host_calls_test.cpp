// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What each operation costs: the host calls that it makes, by kind. A regression guard that no clock disturbs; whoever
// changes a line here says why. Setting up stands before the colon of each case and isn't counted.
#include "scene.h"

namespace {

// The calls that `operation` makes, as "import 2, other 1", in the order of their names.
template <class Operation>
std::string cost(Operation operation) {
  host().forget_calls();
  operation();
  std::string text;
  for (const auto& [import, count] : host().calls)
    text += (text.empty() ? "" : ", ") + import + " " + std::to_string(count);
  return text;
}

// The second time, when pollables and buffers are there.
template <class Operation>
std::string steady_cost(Operation operation) {
  operation();
  return cost(operation);
}

const std::string kilobyte(1024, 'x');

msghdr message_to(const sockaddr_in& address, iovec& piece) {
  msghdr message = {};
  message.msg_name = const_cast<sockaddr_in*>(&address);
  message.msg_namelen = sizeof address;
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  return message;
}

}  // namespace

TEST_CASE("host calls: TCP receiving") {
  Scene scene;
  auto [number, peer] = connected();
  char buffer[65536];

  peer->sends(std::string(16384, 'x'));
  CHECK(cost([&] { guest::recv(number, buffer, 64, 0); }) == "input-stream.read 1");
  CHECK(cost([&] {
          for (int i = 0; i < 200; ++i) guest::recv(number, buffer, 64, 0);
        }).empty());
  received(number, 65536);

  peer->sends(kilobyte);
  CHECK(cost([&] { guest::recv(number, buffer, sizeof buffer, 0); }) == "input-stream.read 1");
  CHECK(cost([&] { guest::recv(number, buffer, 10, MSG_DONTWAIT); }) == "input-stream.read 1");
  // A program that spins lets the host have a turn now and then.
  CHECK(cost([&] {
          for (int i = 0; i < 63; ++i) guest::recv(number, buffer, 10, MSG_DONTWAIT);
        }) == "input-stream.read 64, poll 1, subscribe-duration 1");

  // Waiting: one read finds nothing, one poll, one read finds the data.
  CHECK(steady_cost([&, peer = peer] {
          host().after(fake::ms, [peer] { peer->sends("x"); });
          guest::recv(number, buffer, 10, 0);
        }) == "input-stream.read 2, poll 1");
}

TEST_CASE("host calls: TCP receiving 64K into the caller's buffer") {
  Scene scene;
  auto [number, peer] = connected();
  char buffer[65536];
  peer->sends(std::string(3 * 65536, 'x'));
  CHECK(cost([&] { guest::recv(number, buffer, sizeof buffer, 0); }) == "input-stream.read 2");
  CHECK(host().largest_read <= 65536);
  CHECK(cost([&] { guest::recv(number, buffer, sizeof buffer, 0); }) == "input-stream.read 1");
}

TEST_CASE("host calls: TCP receiving 16K where much comes") {
  Scene scene;
  auto [number, peer] = connected();
  char buffer[16384];
  peer->sends(std::string(5 * 65536, 'x'));
  guest::recv(number, buffer, sizeof buffer, 0);
  CHECK(cost([&] {
          for (int i = 0; i < 8; ++i) guest::recv(number, buffer, sizeof buffer, MSG_WAITALL);
        }) == "input-stream.read 2");
}

TEST_CASE("host calls: TCP receiving a large answer that is there at once") {
  Scene scene;
  auto [number, peer] = connected();
  char buffer[65536];
  peer->sends(std::string(65536, 'x'));
  guest::recv(number, buffer, sizeof buffer, MSG_WAITALL);
  guest::send(number, "request", 7, 0);
  peer->sends(std::string(65536, 'x'));
  // A short look, as mostly nothing is there yet, and all the rest.
  CHECK(cost([&] { guest::recv(number, buffer, sizeof buffer, 0); }) == "input-stream.read 2");
}

TEST_CASE("host calls: TCP sending") {
  Scene scene;
  auto [number, peer] = connected();
  CHECK(steady_cost([&] { guest::send(number, kilobyte.data(), kilobyte.size(), 0); }) ==
        "output-stream.check-write 1, output-stream.write 1");

  const std::string large(65536, 'x');
  CHECK(cost([&] { guest::send(number, large.data(), large.size(), 0); }) ==
        "output-stream.check-write 1, output-stream.write 1");

  const std::string three = kilobyte;
  const iovec vector[] = {{const_cast<char*>(three.data()), 100},
                          {const_cast<char*>(three.data()), 200},
                          {const_cast<char*>(three.data()), 300}};
  CHECK(cost([&] { guest::writev(number, vector, 3); }) == "output-stream.check-write 1, output-stream.write 1");

  CHECK(cost([&] {
          for (int i = 0; i < 10; ++i) guest::send(number, "x", 1, MSG_MORE);
          guest::send(number, "x", 1, 0);
        }) == "now 2, output-stream.check-write 1, output-stream.write 1");
}

TEST_CASE("host calls: TCP request and answer") {
  Scene scene;
  auto [number, peer] = connected();
  char buffer[100];
  CHECK(steady_cost([&, peer = peer] {
          guest::send(number, "x", 1, 0);
          host().after(fake::ms, [peer] { peer->sends("y"); });
          guest::recv(number, buffer, sizeof buffer, 0);
        }) == "input-stream.read 2, output-stream.check-write 1, output-stream.write 1, poll 1");
}

TEST_CASE("host calls: looks that don't wait and find nothing") {
  Scene scene;
  auto [number, peer] = connected();
  pollfd entry = {number, POLLIN, 0};
  guest::poll(&entry, 1, 0);
  guest::poll(&entry, 1, 1);
  CHECK(cost([&] {
          for (int i = 0; i < 63; ++i) guest::poll(&entry, 1, 0);
        }) == "poll 63");
  // So that the host takes in what other processes did, as after 64 vain calls of recv.
  CHECK(cost([&] { guest::poll(&entry, 1, 0); }) == "poll 2, subscribe-duration 1");
}

TEST_CASE("host calls: poll over idle sockets and one active") {
  const int idle = GENERATE(10, 100);
  Scene scene;
  std::vector<Connected> all;
  std::vector<pollfd> entries;
  for (int i = 0; i <= idle; ++i) {
    all.push_back(connected());
    entries.push_back({all.back().number, POLLIN, 0});
  }
  char buffer[10];
  const auto round = [&] {
    all[3].peer->sends("x");
    CHECK(guest::poll(entries.data(), entries.size(), -1) == 1);
    guest::recv(all[3].number, buffer, sizeof buffer, 0);
  };
  round();
  // One read of the active one, and one poll of all; but of many that were asked about a moment ago.
  host().look_takes = 300;
  host().clock += 10000000;
  round();
  round();
  CHECK(cost(round) == (idle < 64 ? "input-stream.read 1, poll 1" : "input-stream.read 1, now 1"));
  host().clock += 10000000;
  CHECK(cost(round) == (idle < 64 ? "input-stream.read 1, poll 1" : "input-stream.read 1, now 2, poll 1"));
}

TEST_CASE("host calls: epoll over idle sockets and one active") {
  Scene scene;
  const int set = guest::epoll_create1(0);
  std::vector<Connected> all;
  for (int i = 0; i <= 100; ++i) {
    all.push_back(connected());
    epoll_event event = {};
    event.events = EPOLLIN;
    REQUIRE(guest::epoll_ctl(set, EPOLL_CTL_ADD, all.back().number, &event) == 0);
  }
  char buffer[10];
  epoll_event event = {};
  const auto round = [&] {
    all[3].peer->sends("x");
    CHECK(guest::epoll_wait(set, &event, 1, -1) == 1);
    guest::recv(all[3].number, buffer, sizeof buffer, 0);
  };
  round();
  round();
  // The idle ones were asked about a moment ago.
  CHECK(steady_cost(round) == "input-stream.read 1, now 1");
  host().clock += 10000000;
  CHECK(cost(round) == "input-stream.read 1, now 2, poll 1");
}

TEST_CASE("host calls: connect and close") {
  Scene scene;
  connected();
  CHECK(cost([&] { guest::close(connected().number); }) ==
        "create-tcp-socket 1, poll 1, tcp-socket.finish-connect 2, "
        "tcp-socket.start-connect 1, tcp-socket.subscribe 1");
}

TEST_CASE("host calls: accept and close") {
  Scene scene;
  const int number = listener(5000);
  host().connects_to(5000);
  guest::close(guest::accept(number, nullptr, nullptr));
  host().connects_to(5000);
  CHECK(cost([&] { guest::close(guest::accept(number, nullptr, nullptr)); }) == "tcp-socket.accept 1");
}

TEST_CASE("host calls: UDP") {
  Scene scene;
  auto [number, side] = bound_udp(5000);
  const sockaddr_in remote = to("127.0.0.1", 9);
  char buffer[100];
  CHECK(steady_cost([&] { guest::sendto(number, "x", 1, 0, any(remote), sizeof remote); }) ==
        "outgoing-datagram-stream.check-send 1, outgoing-datagram-stream.send 1");

  // Up to 16 messages a call.
  iovec piece = {buffer, sizeof buffer};
  mmsghdr messages[40] = {};
  for (mmsghdr& message : messages) message.msg_hdr = message_to(remote, piece);
  CHECK(cost([&] { CHECK(guest::sendmmsg(number, messages, 40, 0) == 40); }) ==
        "outgoing-datagram-stream.check-send 3, outgoing-datagram-stream.send 3");

  side->arrives("x", fake::ipv4("127.0.0.1", 9));
  CHECK(cost([&] { guest::recv(number, buffer, sizeof buffer, 0); }) == "incoming-datagram-stream.receive 1");
}
