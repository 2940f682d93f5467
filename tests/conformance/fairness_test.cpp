// Something that stays ready beside many sockets: it must not hide what happens to the others. And what another process did
// must be seen by who looks without waiting.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/select.h>

#include <functional>
#include <vector>

#include "peer.h"

using namespace conformance;

namespace {

constexpr int patience = 8000;
constexpr int idle_pairs = 100;  // with both ends more than a host looks at in one call

// What never stops being ready, and what becomes it once.
struct Entry {
  int number;
  short events;
};
using Wait = std::function<bool(int watched)>;  // one call: whether it told that `watched` is readable

Wait poll_over(const std::vector<Entry>& entries) {
  std::vector<pollfd> list;
  for (const Entry& entry : entries) list.push_back({entry.number, entry.events, 0});
  return [list](int watched) mutable {
    REQUIRE(poll(list.data(), list.size(), patience) > 0);
    for (const pollfd& entry : list)
      if (entry.fd == watched && (entry.revents & POLLIN) != 0) return true;
    return false;
  };
}

Wait select_over(const std::vector<Entry>& entries) {
  return [entries](int watched) {
    fd_set in, out;
    FD_ZERO(&in);
    FD_ZERO(&out);
    int limit = 0;
    for (const Entry& entry : entries) {
      if ((entry.events & POLLIN) != 0) FD_SET(entry.number, &in);
      if ((entry.events & POLLOUT) != 0) FD_SET(entry.number, &out);
      limit = std::max(limit, entry.number + 1);
    }
    timeval time{patience / 1000, 0};
    REQUIRE(select(limit, &in, &out, nullptr, &time) > 0);
    return FD_ISSET(watched, &in) != 0;
  };
}

Wait epoll_over(const std::vector<Entry>& entries, int set) {
  for (const Entry& entry : entries) {
    epoll_event event{};
    event.events = (entry.events & POLLIN) != 0 ? EPOLLIN : EPOLLOUT;
    event.data.fd = entry.number;
    REQUIRE_OK(epoll_ctl(set, EPOLL_CTL_ADD, entry.number, &event));
  }
  return [set](int watched) {
    epoll_event events[4];
    const int count = epoll_wait(set, events, 4, patience);
    REQUIRE(count > 0);
    for (int i = 0; i < count; ++i)
      if (events[i].data.fd == watched) return true;
    return false;
  };
}

struct Crowd {
  std::vector<Pair> pairs;
  Fd other;  // of the peer, the last one made
  Peer peer;

  Crowd() {
    for (int i = 0; i < idle_pairs; ++i) pairs.push_back(tcp_pair(AF_INET));
    Address address = peer.listen(AF_INET);
    other = tcp(AF_INET);
    REQUIRE_OK(connect(other, address.get(), address.length));
    peer.call("accept");
  }

  // `busy` and then all the others.
  std::vector<Entry> entries(int busy, short events) const {
    std::vector<Entry> all = {{busy, events}};
    for (const Pair& pair : pairs) {
      all.push_back({pair.client, POLLIN});
      all.push_back({pair.server, POLLIN});
    }
    all.push_back({other, POLLIN});
    return all;
  }

  void check(const Wait& wait) {
    for (int round = 0; round < 5; ++round) {
      peer.begin("sleep 5; send 10");
      Stopwatch watch;
      while (!wait(other)) REQUIRE(watch.elapsed() < 2000);
      REQUIRE(receive(other, 10).size() == 10);
      peer.finish();
    }
  }

  void check_all(int busy, short events) {
    SECTION("poll") { check(poll_over(entries(busy, events))); }
    SECTION("select") { check(select_over(entries(busy, events))); }
    SECTION("epoll") {
      Fd set(epoll_create1(0));
      REQUIRE_OK(int(set));
      check(epoll_over(entries(busy, events), set));
    }
  }
};

}  // namespace

TEST_CASE("fairness: an eventfd that nobody reads starves none of many sockets") {
  Fd event(eventfd(1, 0));
  REQUIRE_OK(int(event));
  Crowd().check_all(event, POLLIN);
}

TEST_CASE("fairness: a listener that nobody accepts from starves none of many sockets") {
  Bound server = listener(AF_INET);
  Fd client = tcp(AF_INET);
  REQUIRE_OK(connect(client, server.address.get(), server.address.length));
  Crowd().check_all(server.fd, POLLIN);
}

TEST_CASE("fairness: a connection with room to send starves none of many sockets") {
  Pair pair = tcp_pair(AF_INET);
  Crowd().check_all(pair.client, POLLOUT);
}

TEST_CASE("fairness: many connections with room to send are all told of, and hide no input") {
  Crowd crowd;
  std::vector<pollfd> list;
  for (const Pair& pair : crowd.pairs) {
    list.push_back({pair.client, POLLIN | POLLOUT, 0});
    list.push_back({pair.server, POLLIN | POLLOUT, 0});
  }
  list.push_back({crowd.other, POLLIN, 0});
  for (int round = 0; round < 20; ++round) {
    REQUIRE_RETURNS(poll(list.data(), list.size(), 0), 2 * idle_pairs);
    REQUIRE_RETURNS(poll(list.data(), list.size(), patience), 2 * idle_pairs);
  }
  crowd.check([&](int watched) {
    REQUIRE(poll(list.data(), list.size(), patience) > 0);
    return list.back().fd == watched && list.back().revents != 0;
  });
}

TEST_CASE("fairness: what is ready is told by every look of a program that never waits") {
  Pair pairs[3] = {tcp_pair(AF_INET), tcp_pair(AF_INET), tcp_pair(AF_INET)};
  Bound datagrams = bound_udp(AF_INET);
  std::vector<pollfd> list = {{datagrams.fd, POLLOUT, 0}};
  for (const Pair& pair : pairs) {
    list.push_back({pair.client, POLLOUT, 0});
    list.push_back({pair.server, POLLOUT, 0});
  }
  REQUIRE_RETURNS(poll(list.data(), list.size(), patience), 7);
  for (int look = 0; look < 1000; ++look) REQUIRE_RETURNS(poll(list.data(), list.size(), 0), 7);
}

namespace {

// Looks without waiting until `look` sees it, and how many looks that took.
template <class Look>
int looks_until(Look look) {
  int looks = 1;
  Stopwatch watch;
  while (!look()) {
    ++looks;
    REQUIRE(watch.elapsed() < 1000);
  }
  return looks;
}

// The peer has told that it did it, so that the kernel had it before. A guest's host may not have noticed: within so many looks it
// must, unless the machine is so busy that the host doesn't come to that in one sleep.
void sees_soon(const std::function<bool(int number)>& look) {
  constexpr int most_looks = 64;
  Peer peer;
  Bound bound = bound_udp(AF_INET);
  const std::string port = std::to_string(bound.address.port());
  peer.call("udp 4");
  int late = 0;
  for (int round = 0; round < 60; ++round) {
    peer.call("usend " + port + " 10");
    const int looks = looks_until([&] { return look(bound.fd); });
    late += looks > most_looks;
    CHECK(looks <= 10 * most_looks);
    char data[20];
    REQUIRE_RETURNS(recv(bound.fd, data, sizeof data, 0), 10);
  }
  CHECK(late <= 6);
}

}  // namespace

TEST_CASE("fairness: poll without waiting sees within 64 looks what a peer did before") {
  sees_soon([](int number) { return wait_for(number, POLLIN, 0) == POLLIN; });
}
TEST_CASE("fairness: select without waiting sees within 64 looks what a peer did before") {
  sees_soon([](int number) {
    fd_set in;
    FD_ZERO(&in);
    FD_SET(number, &in);
    timeval none{};
    return select(number + 1, &in, nullptr, nullptr, &none) == 1;
  });
}
TEST_CASE("fairness: epoll_wait without waiting sees within 64 looks what a peer did before") {
  Fd set(epoll_create1(0));
  REQUIRE_OK(int(set));
  bool added = false;
  sees_soon([&](int number) {
    epoll_event event{};
    event.events = EPOLLIN;
    if (!added) REQUIRE_OK(epoll_ctl(set, EPOLL_CTL_ADD, number, &event));
    added = true;
    return epoll_wait(set, &event, 1, 0) == 1;
  });
}
TEST_CASE("fairness: recv without waiting sees within 64 looks what a peer did before") {
  sees_soon([](int number) {
    char data;
    return recv(number, &data, 1, MSG_DONTWAIT | MSG_PEEK) == 1;
  });
}
