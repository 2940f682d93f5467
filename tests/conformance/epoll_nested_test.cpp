// epoll: a set in another set, in poll and in select.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/eventfd.h>
#include <sys/select.h>

#include "epoll_help.h"
#include "peer.h"

using namespace conformance;

namespace {

void add_to(int eventfd, std::uint64_t value = 1) { REQUIRE_RETURNS(write(eventfd, &value, 8), 8); }

std::uint64_t take(int eventfd) {
  std::uint64_t value = 0;
  REQUIRE_RETURNS(read(eventfd, &value, 8), 8);
  return value;
}

}  // namespace

TEST_CASE("epoll nested: a set is readable while it has an event") {
  Fd fd(eventfd(0, 0));
  Epoll inner, outer;
  REQUIRE_OK(outer.add(inner, EPOLLIN | EPOLLOUT));
  REQUIRE_OK(inner.add(fd, EPOLLIN));
  CHECK(outer.one() == 0);
  add_to(fd);
  CHECK(outer.one() == EPOLLIN);
  CHECK(inner.one() == EPOLLIN);
  CHECK(outer.one() == EPOLLIN);
  take(fd);
  CHECK(outer.one() == 0);
}

FAMILY_CASE("epoll nested: a socket in the inner set wakes the outer one") {
  Peer peer;
  Address address = peer.listen(family);
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  Epoll inner, outer;
  REQUIRE_OK(inner.add(fd, EPOLLIN));
  REQUIRE_OK(outer.add(inner, EPOLLIN));
  CHECK(outer.one() == 0);
  peer.begin("accept; sleep 30; say x");
  CHECK(outer.one(-1) == EPOLLIN);
  CHECK(inner.one() == EPOLLIN);
  CHECK(receive(fd, 1) == "x");
  CHECK(outer.one() == 0);
  peer.finish();
}

FAMILY_CASE("epoll nested: a set in poll") {
  Pair p = tcp_pair(family);
  Epoll set;
  REQUIRE_OK(set.add(p.server, EPOLLIN));
  CHECK(wait_for(set, POLLIN | POLLOUT, 0) == 0);
  send_all(p.client, "x");
  CHECK(wait_for(set, POLLIN | POLLOUT | POLLRDHUP) == POLLIN);
  CHECK(wait_for(set, POLLOUT, 0) == 0);
  CHECK(receive(p.server, 1) == "x");
  CHECK(wait_for(set, POLLIN, 0) == 0);
}

FAMILY_CASE("epoll nested: a set in select") {
  Pair p = tcp_pair(family);
  Epoll set;
  REQUIRE_OK(set.add(p.server, EPOLLIN));
  send_all(p.client, "x");
  fd_set in, out;
  FD_ZERO(&in);
  FD_ZERO(&out);
  FD_SET(set, &in);
  FD_SET(set, &out);
  timeval time{};
  time.tv_sec = 8;
  CHECK_RETURNS(select(set + 1, &in, &out, nullptr, &time), 1);
  CHECK(FD_ISSET(set, &in));
  CHECK_FALSE(FD_ISSET(set, &out));
}

TEST_CASE("epoll nested: an edge that was told makes the set idle") {
  Fd fd(eventfd(1, 0));
  Epoll inner, outer;
  REQUIRE_OK(inner.add(fd, EPOLLIN | edge));
  REQUIRE_OK(outer.add(inner, EPOLLIN));
  CHECK(outer.one() == EPOLLIN);
  CHECK(inner.one() == EPOLLIN);
  CHECK(outer.one() == 0);
  CHECK(wait_for(inner, POLLIN, 0) == 0);
  add_to(fd);
  CHECK(outer.one() == EPOLLIN);
}

TEST_CASE("epoll nested: an edge-triggered set is told once an event") {
  Fd fd(eventfd(0, 0));
  Epoll inner, outer;
  REQUIRE_OK(inner.add(fd, EPOLLIN));
  REQUIRE_OK(outer.add(inner, EPOLLIN | edge));
  for (int i = 0; i < 3; ++i) {
    add_to(fd);
    CHECK(outer.one() == EPOLLIN);
    CHECK(outer.one() == 0);
  }
}

TEST_CASE("epoll nested: adding what is ready is an edge for the outer set") {
  Fd fd(eventfd(1, 0));
  Epoll inner, outer;
  REQUIRE_OK(outer.add(inner, EPOLLIN | edge));
  CHECK(outer.one() == 0);
  REQUIRE_OK(inner.add(fd, EPOLLIN));
  CHECK(outer.one() == EPOLLIN);
  CHECK(outer.one() == 0);
}

TEST_CASE("epoll nested: no events at all are reported by a set that is idle or empty") {
  Epoll inner, outer;
  REQUIRE_OK(outer.add(inner, any_event));
  CHECK(outer.one() == 0);
  CHECK(outer.one(20) == 0);
}

TEST_CASE("epoll nested: circles give ELOOP") {
  Epoll a, b, c;
  REQUIRE_OK(a.add(b, EPOLLIN));
  CHECK_FAILS(b.add(a, EPOLLIN), ELOOP);
  REQUIRE_OK(b.add(c, EPOLLIN));
  CHECK_FAILS(c.add(a, EPOLLIN), ELOOP);
  CHECK_FAILS(c.add(b, EPOLLIN), ELOOP);
  REQUIRE_OK(a.remove(b));
  CHECK_OK(c.add(a, EPOLLIN));
}

TEST_CASE("epoll nested: adding a set twice gives EEXIST, and a circle comes first") {
  Epoll a, b;
  REQUIRE_OK(a.add(b, EPOLLIN));
  CHECK_FAILS(a.add(b, EPOLLIN), EEXIST);
}

TEST_CASE("epoll nested: how deep sets can be, built from the inside") {
  Epoll sets[7];
  int added = 0;
  for (int i = 0; i < 6; ++i) {
    if (sets[i + 1].add(sets[i], EPOLLIN) != 0) break;
    ++added;
  }
  CHECK(errno == ELOOP);
  CHECK(added == 4);
}

TEST_CASE("epoll nested: how deep sets can be, built from the outside") {
  Epoll sets[8];
  int added = 0;
  for (int i = 0; i < 7; ++i) {
    if (sets[i].add(sets[i + 1], EPOLLIN) != 0) break;
    ++added;
  }
  CHECK(errno == ELOOP);
  CHECK(added == 4);
}

TEST_CASE("epoll nested: a ready descriptor is seen through several sets") {
  Fd fd(eventfd(1, 0));
  Epoll sets[4];
  REQUIRE_OK(sets[0].add(fd, EPOLLIN));
  for (int i = 0; i < 3; ++i) REQUIRE_OK(sets[i + 1].add(sets[i], EPOLLIN));
  CHECK(sets[3].one() == EPOLLIN);
  take(fd);
  CHECK(sets[3].one() == 0);
}

TEST_CASE("epoll nested: closing the inner set takes it out") {
  Fd fd(eventfd(1, 0));
  Epoll inner, outer;
  REQUIRE_OK(inner.add(fd, EPOLLIN));
  REQUIRE_OK(outer.add(inner, EPOLLIN));
  CHECK(outer.one() == EPOLLIN);
  inner.close();
  CHECK(outer.one() == 0);
}

TEST_CASE("epoll nested: one-shot in the inner set") {
  Fd fd(eventfd(1, 0));
  Epoll inner, outer;
  REQUIRE_OK(inner.add(fd, EPOLLIN | oneshot));
  REQUIRE_OK(outer.add(inner, EPOLLIN));
  CHECK(inner.one() == EPOLLIN);
  CHECK(outer.one() == 0);
  REQUIRE_OK(inner.modify(fd, EPOLLIN | oneshot));
  CHECK(outer.one() == EPOLLIN);
}
