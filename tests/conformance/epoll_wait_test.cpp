// epoll_wait, epoll_pwait, epoll_pwait2: arguments, time, how many events and which.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <signal.h>
#include <sys/eventfd.h>

#include <climits>
#include <set>

#include "epoll_help.h"
#include "peer.h"

using namespace conformance;

namespace {

timespec time_of(time_t seconds, long nanoseconds) {
  timespec time{};
  time.tv_sec = seconds;
  time.tv_nsec = nanoseconds;
  return time;
}

}  // namespace

TEST_CASE("epoll: wait on a closed set gives EBADF") {
  Epoll set;
  int number = set;
  set.close();
  epoll_event event;
  CHECK_FAILS(epoll_wait(number, &event, 1, 0), EBADF);
  CHECK_FAILS(epoll_wait(-1, &event, 1, 0), EBADF);
}

TEST_CASE("epoll: wait on something that isn't a set gives EINVAL") {
  Fd fd = tcp(AF_INET), file = open_scratch("file");
  epoll_event event;
  CHECK_FAILS(epoll_wait(fd, &event, 1, 0), EINVAL);
  CHECK_FAILS(epoll_wait(file, &event, 1, 0), EINVAL);
}

TEST_CASE("epoll: wait for no or too many events gives EINVAL") {
  Epoll set;
  epoll_event event;
  for (int most : {0, -1, INT_MIN, INT_MAX}) {
    int volatile unseen = most;  // by compilers that would warn
    CHECK_FAILS(epoll_wait(set, &event, unseen, 0), EINVAL);
  }
}

TEST_CASE("epoll: wait without memory for the events gives EFAULT, and the event stays") {
  Fd fd(eventfd(1, 0));
  Epoll set;
  REQUIRE_OK(set.add(fd, EPOLLIN | edge));
  epoll_event* volatile null = nullptr;
  CHECK_FAILS(epoll_wait(set, null, 1, 0), EFAULT);
  CHECK(set.one() == EPOLLIN);
}

TEST_CASE("epoll: an empty set times out") {
  Epoll set;
  CHECK(set.count(0) == 0);
  Stopwatch watch;
  CHECK(set.count(50) == 0);
  CHECK(watch.elapsed() >= 45);
  CHECK(watch.elapsed() < 3000);
}

FAMILY_CASE("epoll: a timeout over idle sockets is kept") {
  Pair p = tcp_pair(family), u = udp_pair(family);
  Bound l = listener(family);
  Epoll set;
  for (int fd : {int{p.client}, int{p.server}, int{u.client}, int{l.fd}}) REQUIRE_OK(set.add(fd, EPOLLIN));
  Stopwatch watch;
  CHECK(set.count(60) == 0);
  CHECK(watch.elapsed() >= 55);
  CHECK(watch.elapsed() < 3000);
}

FAMILY_CASE("epoll: without a timeout it waits for the event") {
  Peer peer;
  Address address = peer.listen(family);
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  Bound u = bound_udp(family);
  Epoll set;
  REQUIRE_OK(set.add(fd, EPOLLIN));
  REQUIRE_OK(set.add(u.fd, EPOLLIN));
  peer.begin("accept; sleep 40; say x");
  auto found = set.wait(-1);
  CHECK(found.size() == 1);
  CHECK(found.count(static_cast<std::uint64_t>(int{fd})) == 1);
  peer.finish();
}

TEST_CASE("epoll: any negative timeout waits") {
  Peer peer;
  Address address = peer.listen(AF_INET);
  Fd fd = tcp(AF_INET);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  Epoll set;
  REQUIRE_OK(set.add(fd, EPOLLIN));
  peer.begin("accept; sleep 30; say x");
  CHECK(set.one(-77) == EPOLLIN);
  peer.finish();
}

TEST_CASE("epoll: an event that holds comes at once, whatever the timeout") {
  Fd fd(eventfd(1, 0));
  Epoll set;
  REQUIRE_OK(set.add(fd, EPOLLIN));
  Stopwatch watch;
  CHECK(set.one(5000) == EPOLLIN);
  CHECK(set.one(-1) == EPOLLIN);
  CHECK(watch.elapsed() < 3000);
}

TEST_CASE("epoll: no more events than asked for, and no interest starves") {
  std::vector<Fd> fds;
  Epoll set;
  for (int i = 0; i < 5; ++i) {
    fds.emplace_back(eventfd(1, 0));
    REQUIRE_OK(set.add(fds.back(), EPOLLIN));
  }
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 5; ++i) {
    auto found = set.wait(0, 1);
    REQUIRE(found.size() == 1);
    seen.insert(found.begin()->first);
  }
  CHECK(seen.size() == 5);
}

FAMILY_CASE("epoll: sockets take turns when few events are asked for") {
  std::vector<Pair> pairs;
  Epoll set;
  for (int i = 0; i < 7; ++i) {
    pairs.push_back(tcp_pair(family));
    REQUIRE_OK(set.add(pairs.back().server, EPOLLIN));
    send_all(pairs.back().client, "data");
    REQUIRE(readable(pairs.back().server));
  }
  std::map<std::uint64_t, int> seen;
  for (int i = 0; i < 7; ++i)
    for (auto [data, events] : set.wait(0, 3)) {
      CHECK(events == EPOLLIN);
      ++seen[data];
    }
  CHECK(seen.size() == 7);
  for (auto [data, times] : seen) CHECK(times == 3);
}

TEST_CASE("epoll: edge-triggered events beyond the limit come with the next wait") {
  std::vector<Fd> fds;
  Epoll set;
  for (int i = 0; i < 5; ++i) {
    fds.emplace_back(eventfd(1, 0));
    REQUIRE_OK(set.add(fds.back(), EPOLLIN | edge));
  }
  auto first = set.wait(0, 2), second = set.wait(0, 2), third = set.wait(0, 2);
  CHECK(first.size() == 2);
  CHECK(second.size() == 2);
  CHECK(third.size() == 1);
  first.merge(second);
  first.merge(third);
  CHECK(first.size() == 5);
  CHECK(set.count() == 0);
}

FAMILY_CASE("epoll: one ready among many idle ones") {
  std::vector<Pair> pairs;
  Epoll set;
  for (int i = 0; i < 60; ++i) {
    pairs.push_back(tcp_pair(family));
    REQUIRE_OK(set.add(pairs.back().server, EPOLLIN));
  }
  for (int i : {37, 0, 59}) {
    send_all(pairs[static_cast<std::size_t>(i)].client, "x");
    auto found = set.wait(patience);
    CHECK(found.size() == 1);
    const int fd = pairs[static_cast<std::size_t>(i)].server;
    CHECK(found[static_cast<std::uint64_t>(fd)] == EPOLLIN);
    CHECK(receive(fd, 1) == "x");
    CHECK(set.count() == 0);
  }
}

TEST_CASE("epoll: pwait waits as wait does, with a mask or without") {
  Fd fd(eventfd(1, 0));
  Epoll set;
  REQUIRE_OK(set.add(fd, EPOLLIN));
  epoll_event event{};
  CHECK_RETURNS(epoll_pwait(set, &event, 1, -1, nullptr), 1);
  sigset_t mask;
  sigemptyset(&mask);
  sigaddset(&mask, SIGUSR1);
  CHECK_RETURNS(epoll_pwait(set, &event, 1, 0, &mask), 1);
  const std::uint32_t events = event.events;
  CHECK(events == EPOLLIN);
  CHECK_FAILS(epoll_pwait(set, &event, 0, 0, nullptr), EINVAL);
  CHECK_FAILS(epoll_pwait(-1, &event, 1, 0, nullptr), EBADF);
}

TEST_CASE("epoll: pwait2 takes a timespec, none waits") {
  Fd fd(eventfd(1, 0));
  Epoll set;
  REQUIRE_OK(set.add(fd, EPOLLIN));
  epoll_event event{};
  CHECK_RETURNS(epoll_pwait2(set, &event, 1, nullptr, nullptr), 1);
  timespec none = time_of(0, 0);
  CHECK_RETURNS(epoll_pwait2(set, &event, 1, &none, nullptr), 1);
  REQUIRE_OK(set.remove(fd));
  CHECK_RETURNS(epoll_pwait2(set, &event, 1, &none, nullptr), 0);
  Stopwatch watch;
  timespec some = time_of(0, 40000000);
  CHECK_RETURNS(epoll_pwait2(set, &event, 1, &some, nullptr), 0);
  CHECK(watch.elapsed() >= 38);
}

TEST_CASE("epoll: pwait2 with a bad timespec gives EINVAL") {
  Epoll set;
  epoll_event event;
  for (timespec bad : {time_of(-1, 0), time_of(0, -1), time_of(0, 1000000000)})
    CHECK_FAILS(epoll_pwait2(set, &event, 1, &bad, nullptr), EINVAL);
  timespec none = time_of(0, 0);
  CHECK_FAILS(epoll_pwait2(-1, &event, 1, &none, nullptr), EBADF);
}

TEST_CASE("epoll: stdin wakes a wait that also holds sockets") {
  Peer peer;
  Pair p = tcp_pair(AF_INET);
  Epoll set;
  REQUIRE_OK(set.add(0, EPOLLIN));
  REQUIRE_OK(set.add(p.server, EPOLLIN));
  CHECK(set.count(20) == 0);
  peer.begin("sleep 30; stdin line\\n");
  auto found = set.wait(-1);
  CHECK(found.size() == 1);
  CHECK(found[0] == EPOLLIN);
  peer.finish();
  char buffer[16];
  CHECK_RETURNS(read(0, buffer, sizeof buffer), 5);
  CHECK(set.count() == 0);
  peer.call("stdin-end");
  CHECK((set.one(patience) & EPOLLHUP) != 0);
  CHECK_RETURNS(read(0, buffer, sizeof buffer), 0);
}
