// A connection that is full takes nothing more, however its sends are gathered.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/uio.h>

#include <string>

#include "net.h"

using namespace conformance;

namespace {

enum class Gathering { none, no_delay, cork, more };
constexpr Gathering each[] = {Gathering::none, Gathering::no_delay, Gathering::cork, Gathering::more};

struct Full {
  Pair pair;
  int flags = 0;  // of each send
};

/// A pair whose client finds no room for one more byte, nor a moment later.
Full full_pair(int family, Gathering gathering) {
  Full result = {small_tcp_pair(family)};
  const int fd = result.pair.client, on = 1;
  if (gathering == Gathering::no_delay) REQUIRE_OK(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));
  if (gathering == Gathering::cork) REQUIRE_OK(setsockopt(fd, IPPROTO_TCP, TCP_CORK, &on, sizeof on));
  if (gathering == Gathering::more) result.flags = MSG_MORE;
  set_nonblocking(fd);
  const std::string data = pattern(0, 65536);
  for (int quiet = 0; quiet < 4;) {
    bool took = false;
    for (const std::size_t size : {data.size(), std::size_t{4096}, std::size_t{1}})
      while (send(fd, data.data(), size, result.flags) > 0) took = true;
    quiet = took ? 0 : quiet + 1;
    (void)wait_for(fd, POLLOUT, 60);
  }
  return result;
}

void drain(int fd) {
  set_nonblocking(fd);
  std::string room(65536, 0);
  for (int quiet = 0; quiet < 4;) {
    if (recv(fd, room.data(), room.size(), 0) > 0) {
      quiet = 0;
    } else {
      ++quiet;
      (void)wait_for(fd, POLLIN, 60);
    }
  }
}

}  // namespace

FAMILY_CASE("full connection: a send of any size finds no room, gathered or not") {
  for (const Gathering gathering : each) {
    INFO("gathering " << static_cast<int>(gathering));
    Full full = full_pair(family, gathering);
    const int fd = full.pair.client;
    CHECK((wait_for(fd, POLLOUT, 0) & POLLOUT) == 0);
    const std::string data = pattern(0, 4096);
    for (const std::size_t size : {1, 100, 4096}) CHECK_FAILS(send(fd, data.data(), size, full.flags), EAGAIN);
    iovec pieces[] = {{const_cast<char*>(data.data()), 10}, {const_cast<char*>(data.data()), 20}};
    if (full.flags == 0) CHECK_FAILS(writev(fd, pieces, 2), EAGAIN);
    CHECK((wait_for(fd, POLLOUT, 0) & POLLOUT) == 0);
  }
}

FAMILY_CASE("full connection: SO_SNDTIMEO passes, gathered or not") {
  for (const Gathering gathering : each) {
    INFO("gathering " << static_cast<int>(gathering));
    Full full = full_pair(family, gathering);
    const int fd = full.pair.client;
    set_nonblocking(fd, false);
    set_timeout(fd, SO_SNDTIMEO, 200);
    const std::string data = pattern(0, 4096);
    for (const std::size_t size : {1, 4096}) {
      Stopwatch watch;
      CHECK_FAILS(send(fd, data.data(), size, full.flags), EAGAIN);
      CHECK(watch.elapsed() >= 180);
      CHECK(watch.elapsed() < 3000);
    }
  }
}

FAMILY_CASE("full connection: room comes back as one edge, gathered or not") {
  for (const Gathering gathering : each) {
    INFO("gathering " << static_cast<int>(gathering));
    Full full = full_pair(family, gathering);
    const int fd = full.pair.client;
    Fd set(epoll_create1(0));
    epoll_event event = {};
    event.events = EPOLLOUT | EPOLLET;
    REQUIRE_OK(epoll_ctl(set, EPOLL_CTL_ADD, fd, &event));
    CHECK_RETURNS(epoll_wait(set, &event, 1, 0), 0);
    CHECK_FAILS(send(fd, "x", 1, full.flags), EAGAIN);
    CHECK_RETURNS(epoll_wait(set, &event, 1, 50), 0);
    drain(full.pair.server);
    CHECK_RETURNS(epoll_wait(set, &event, 1, 5000), 1);
    CHECK((event.events & EPOLLOUT) != 0);
    CHECK_RETURNS(send(fd, "x", 1, full.flags), 1);
    CHECK((wait_for(fd, POLLOUT, 0) & POLLOUT) != 0);
  }
}
