// poll(), ppoll(): arguments, counting, time; many descriptors at once.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <signal.h>
#include <sys/eventfd.h>
#include <time.h>

#include <climits>
#include <vector>

#include "peer.h"

using namespace conformance;

namespace {

pollfd entry(int fd, short events) {
  pollfd made{};
  made.fd = fd;
  made.events = events;
  made.revents = -1;  // poll has to write it
  return made;
}

timespec time_of(time_t seconds, long nanoseconds) {
  timespec time{};
  time.tv_sec = seconds;
  time.tv_nsec = nanoseconds;
  return time;
}

}  // namespace

TEST_CASE("poll calls: more entries than there can be descriptors give EINVAL") {
  pollfd set[1] = {entry(-1, 0)};
  nfds_t volatile many = UINT_MAX / 16;
  CHECK_FAILS(poll(set, many, 0), EINVAL);
  timespec none = time_of(0, 0);
  CHECK_FAILS(ppoll(set, many, &none, nullptr), EINVAL);
}

TEST_CASE("poll calls: entries keep their descriptor and events") {
  Pair p = tcp_pair(AF_INET);
  pollfd set[3] = {entry(p.server, POLLIN | POLLOUT), entry(-5, POLLIN), entry(999, POLLOUT)};
  CHECK_RETURNS(poll(set, 3, 0), 2);
  CHECK(set[0].fd == p.server);
  CHECK(set[0].events == (POLLIN | POLLOUT));
  CHECK(set[1].fd == -5);
  CHECK(set[1].events == POLLIN);
  CHECK(set[2].fd == 999);
  CHECK(set[2].revents == POLLNVAL);
}

TEST_CASE("poll calls: revents of the last call are cleared") {
  Fd fd(eventfd(1, 0));
  pollfd set[1] = {entry(fd, POLLIN)};
  CHECK_RETURNS(poll(set, 1, 0), 1);
  CHECK(set[0].revents == POLLIN);
  std::uint64_t value;
  REQUIRE_RETURNS(read(fd, &value, 8), 8);
  CHECK_RETURNS(poll(set, 1, 0), 0);
  CHECK(set[0].revents == 0);
}

TEST_CASE("poll calls: a bad descriptor ends the wait, the idle ones report nothing") {
  Pair p = tcp_pair(AF_INET);
  pollfd set[2] = {entry(p.server, POLLIN), entry(998, POLLIN)};
  Stopwatch watch;
  CHECK_RETURNS(poll(set, 2, 5000), 1);
  CHECK(watch.elapsed() < 3000);
  CHECK(set[0].revents == 0);
  CHECK(set[1].revents == POLLNVAL);
}

TEST_CASE("poll calls: a descriptor that is closed between two calls") {
  Fd fd(eventfd(1, 0));
  pollfd set[1] = {entry(fd, POLLIN)};
  CHECK_RETURNS(poll(set, 1, 0), 1);
  fd.reset();
  CHECK_RETURNS(poll(set, 1, 0), 1);
  CHECK(set[0].revents == POLLNVAL);
}

TEST_CASE("poll calls: duplicates of a descriptor report the same") {
  Pair p = tcp_pair(AF_INET);
  Fd copy(dup(p.server));
  send_all(p.client, "x");
  REQUIRE(readable(p.server));
  pollfd set[2] = {entry(p.server, POLLIN), entry(copy, POLLIN)};
  CHECK_RETURNS(poll(set, 2, 0), 2);
  char byte;
  REQUIRE_RETURNS(recv(copy, &byte, 1, 0), 1);
  CHECK_RETURNS(poll(set, 2, 0), 0);
}

TEST_CASE("poll calls: a timeout of a millisecond is at least that") {
  Pair p = tcp_pair(AF_INET);
  pollfd set[1] = {entry(p.server, POLLIN)};
  timespec begin, end;
  REQUIRE_OK(clock_gettime(CLOCK_MONOTONIC, &begin));
  for (int i = 0; i < 10; ++i) CHECK_RETURNS(poll(set, 1, 1), 0);
  REQUIRE_OK(clock_gettime(CLOCK_MONOTONIC, &end));
  const long long microseconds = (end.tv_sec - begin.tv_sec) * 1000000LL + (end.tv_nsec - begin.tv_nsec) / 1000;
  CHECK(microseconds >= 10000);
  CHECK(microseconds < 1000000);
}

FAMILY_CASE("poll calls: a timeout is kept right after data were read") {
  Pair p = tcp_pair(family), u = udp_pair(family);
  send_all(p.client, "x");
  send_all(u.client, "x");
  CHECK(receive(p.server, 1) == "x");
  CHECK(receive(u.server, 1) == "x");
  pollfd set[2] = {entry(p.server, POLLIN), entry(u.server, POLLIN)};
  Stopwatch watch;
  CHECK_RETURNS(poll(set, 2, 60), 0);
  CHECK(watch.elapsed() >= 55);
}

TEST_CASE("poll calls: any negative timeout waits") {
  Peer peer;
  Address address = peer.listen(AF_INET);
  Fd fd = tcp(AF_INET);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  peer.begin("accept; sleep 30; say x");
  pollfd set[1] = {entry(fd, POLLIN)};
  CHECK_RETURNS(poll(set, 1, -1000), 1);
  peer.finish();
}

TEST_CASE("poll calls: ppoll without a timeout waits, and leaves a timeout as it is") {
  Peer peer;
  Address address = peer.listen(AF_INET);
  Fd fd = tcp(AF_INET);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  pollfd set[1] = {entry(fd, POLLIN)};
  timespec some = time_of(0, 30000000);
  Stopwatch watch;
  CHECK_RETURNS(ppoll(set, 1, &some, nullptr), 0);
  CHECK(watch.elapsed() >= 28);
  CHECK(some.tv_sec == 0);
  CHECK(some.tv_nsec == 30000000);
  peer.begin("accept; sleep 30; say x");
  CHECK_RETURNS(ppoll(set, 1, nullptr, nullptr), 1);
  peer.finish();
}

TEST_CASE("poll calls: ppoll with no time looks once, with a mask or without") {
  Fd fd(eventfd(1, 0));
  pollfd set[1] = {entry(fd, POLLIN | POLLOUT)};
  timespec none = time_of(0, 0);
  CHECK_RETURNS(ppoll(set, 1, &none, nullptr), 1);
  CHECK(set[0].revents == (POLLIN | POLLOUT));
  sigset_t mask;
  sigfillset(&mask);
  CHECK_RETURNS(ppoll(set, 1, &none, &mask), 1);
  CHECK_RETURNS(ppoll(nullptr, 0, &none, nullptr), 0);
}

TEST_CASE("poll calls: ppoll with a bad timeout gives EINVAL") {
  Fd fd(eventfd(1, 0));
  pollfd set[1] = {entry(fd, POLLIN)};
  for (timespec bad : {time_of(-1, 0), time_of(0, -1), time_of(0, 1000000000), time_of(1, LONG_MAX)})
    CHECK_FAILS(ppoll(set, 1, &bad, nullptr), EINVAL);
}

TEST_CASE("poll calls: ppoll of nothing sleeps") {
  timespec some = time_of(0, 40000000);
  Stopwatch watch;
  CHECK_RETURNS(ppoll(nullptr, 0, &some, nullptr), 0);
  CHECK(watch.elapsed() >= 38);
}

FAMILY_CASE("poll calls: exactly those of two hundred that are ready") {
  std::vector<Pair> pairs;
  std::vector<pollfd> set;
  for (int i = 0; i < 100; ++i) {
    pairs.push_back(tcp_pair(family));
    set.push_back(entry(pairs.back().server, POLLIN));
    set.push_back(entry(pairs.back().client, POLLIN));
  }
  for (std::size_t step : {7u, 3u, 1u}) {
    std::size_t sent = 0;
    for (std::size_t i = 0; i < pairs.size(); i += step, ++sent) {
      send_all(pairs[i].client, "x");
      REQUIRE(readable(pairs[i].server));
    }
    CHECK_RETURNS(poll(set.data(), set.size(), 0), static_cast<int>(sent));
    std::size_t right = 0;
    for (std::size_t i = 0; i < set.size(); ++i) right += set[i].revents == (i % (2 * step) == 0 ? POLLIN : 0);
    CHECK(right == set.size());
    for (std::size_t i = 0; i < pairs.size(); i += step) REQUIRE(receive(pairs[i].server, 1) == "x");
    CHECK_RETURNS(poll(set.data(), set.size(), 0), 0);
  }
}

TEST_CASE("poll calls: descriptors beyond FD_SETSIZE") {
  Fd fd(eventfd(1, 0));
  Fd high(fcntl(fd, F_DUPFD, 1500));
  if (high < 0) high.reset(fcntl(fd, F_DUPFD, 900));  // RLIMIT_NOFILE of 1024
  REQUIRE(high >= 900);
  CHECK(wait_for(high, POLLIN, 0) == POLLIN);
}

TEST_CASE("poll calls: all kinds in one call") {
  Pair t = tcp_pair(AF_INET), u = udp_pair(AF_INET6);
  Bound l = listener(AF_INET);
  int ends[2];
  REQUIRE_OK(pipe(ends));
  Fd reader(ends[0]), writer(ends[1]), event(eventfd(0, 0)), file = open_scratch("file");
  pollfd set[] = {entry(t.server, POLLIN), entry(u.server, POLLIN), entry(l.fd, POLLIN),  entry(reader, POLLIN),
                  entry(event, POLLIN),    entry(0, POLLIN),        entry(file, POLLPRI), entry(-1, POLLIN)};
  CHECK_RETURNS(poll(set, 8, 20), 0);
  send_all(t.client, "x");
  send_all(u.client, "x");
  Fd client = tcp(AF_INET);
  REQUIRE_OK(connect(client, l.address.get(), l.address.length));
  for (int fd : {int{t.server}, int{u.server}, int{l.fd}}) REQUIRE(readable(fd));
  REQUIRE_RETURNS(write(writer, "x", 1), 1);
  std::uint64_t one = 1;
  REQUIRE_RETURNS(write(event, &one, 8), 8);
  set[6].events = POLLIN;
  CHECK_RETURNS(poll(set, 8, 0), 6);
  for (int i : {0, 1, 2, 3, 4, 6}) CHECK(set[i].revents == POLLIN);
  CHECK(set[5].revents == 0);
  CHECK(set[7].revents == 0);
}
