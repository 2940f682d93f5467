// select() over sockets, files and stdin.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/select.h>

#include <algorithm>
#include <initializer_list>
#include <vector>

#include "peer.h"

using namespace conformance;

namespace {

struct Set {
  fd_set bits;
  int top = 0;

  Set(std::initializer_list<int> members) {
    FD_ZERO(&bits);
    for (int fd : members) add(fd);
  }
  void add(int fd) {
    FD_SET(fd, &bits);
    top = std::max(top, fd + 1);
  }
  bool has(int fd) { return FD_ISSET(fd, &bits) != 0; }
};

timeval milliseconds(int ms) {
  timeval time{};
  time.tv_sec = ms / 1000;
  time.tv_usec = (ms % 1000) * 1000;
  return time;
}

}  // namespace

FAMILY_CASE("select: an idle connection is writable, not readable") {
  Pair p = tcp_pair(family);
  Set in{p.client, p.server}, out{p.client, p.server};
  timeval none = milliseconds(0);
  CHECK_RETURNS(select(in.top, &in.bits, &out.bits, nullptr, &none), 2);
  CHECK_FALSE(in.has(p.client));
  CHECK_FALSE(in.has(p.server));
  CHECK(out.has(p.client));
  CHECK(out.has(p.server));
}

FAMILY_CASE("select: counts readable and writable bits") {
  Pair p = tcp_pair(family);
  send_all(p.client, "x");
  REQUIRE(readable(p.server));
  Set in{p.server}, out{p.server, p.client};
  timeval none = milliseconds(0);
  CHECK_RETURNS(select(std::max(in.top, out.top), &in.bits, &out.bits, nullptr, &none), 3);
  CHECK(in.has(p.server));
}

FAMILY_CASE("select: waits for data") {
  Peer peer;
  Address address = peer.listen(family);
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  peer.begin("accept; sleep 40; say x");
  Set in{fd};
  CHECK_RETURNS(select(in.top, &in.bits, nullptr, nullptr, nullptr), 1);
  CHECK(in.has(fd));
  CHECK(receive(fd, 1) == "x");
  peer.finish();
}

FAMILY_CASE("select: a timeout clears every set") {
  Pair p = tcp_pair(family);
  Set in{p.client, p.server}, bad{p.client};
  timeval time = milliseconds(60);
  Stopwatch watch;
  CHECK_RETURNS(select(in.top, &in.bits, nullptr, &bad.bits, &time), 0);
  CHECK(watch.elapsed() >= 55);
  CHECK_FALSE(in.has(p.client));
  CHECK_FALSE(in.has(p.server));
  CHECK_FALSE(bad.has(p.client));
}

FAMILY_CASE("select: a listener is readable when a connection waits") {
  Bound l = listener(family);
  Fd client = tcp(family);
  REQUIRE_OK(connect(client, l.address.get(), l.address.length));
  Set in{l.fd};
  timeval time = milliseconds(5000);
  CHECK_RETURNS(select(in.top, &in.bits, nullptr, nullptr, &time), 1);
  CHECK(in.has(l.fd));
}

FAMILY_CASE("select: the end of the stream is readable") {
  Pair p = tcp_pair(family);
  p.client.reset();
  Set in{p.server};
  timeval time = milliseconds(5000);
  CHECK_RETURNS(select(in.top, &in.bits, nullptr, nullptr, &time), 1);
  CHECK(in.has(p.server));
}

FAMILY_CASE("select: a refused connect is readable and writable") {
  Bound closed = bound_tcp(family);
  Fd fd = tcp(family, SOCK_NONBLOCK);
  REQUIRE_FAILS(connect(fd, closed.address.get(), closed.address.length), EINPROGRESS);
  REQUIRE((wait_for(fd, POLLOUT) & POLLERR) != 0);
  Set in{fd}, out{fd};
  timeval time = milliseconds(5000);
  CHECK_RETURNS(select(in.top, &in.bits, &out.bits, nullptr, &time), 2);
  CHECK(in.has(fd));
  CHECK(out.has(fd));
}

FAMILY_CASE("select: a full connection isn't writable") {
  Pair p = small_tcp_pair(family);
  set_nonblocking(p.client);
  fill(p.client);
  Set out{p.client};
  timeval none = milliseconds(0);
  CHECK_RETURNS(select(out.top, nullptr, &out.bits, nullptr, &none), 0);
  CHECK_FALSE(out.has(p.client));
}

FAMILY_CASE("select: a UDP socket with a datagram is readable") {
  Pair p = udp_pair(family);
  send_all(p.client, "x");
  Set in{p.server};
  timeval time = milliseconds(5000);
  CHECK_RETURNS(select(in.top, &in.bits, nullptr, nullptr, &time), 1);
}

TEST_CASE("select: without sets it sleeps") {
  timeval time = milliseconds(50);
  Stopwatch watch;
  CHECK_RETURNS(select(0, nullptr, nullptr, nullptr, &time), 0);
  CHECK(watch.elapsed() >= 45);
}

TEST_CASE("select: a closed descriptor gives EBADF") {
  Fd fd = tcp(AF_INET);
  int number = fd;
  fd.reset();
  Set in{number};
  timeval none = milliseconds(0);
  CHECK_FAILS(select(in.top, &in.bits, nullptr, nullptr, &none), EBADF);
}

TEST_CASE("select: descriptors at or above nfds don't count") {
  Pair p = tcp_pair(AF_INET);
  int low = std::min<int>(p.client, p.server), high = std::max<int>(p.client, p.server);
  Set out{low, high};
  timeval none = milliseconds(0);
  CHECK_RETURNS(select(low + 1, nullptr, &out.bits, nullptr, &none), 1);
  CHECK(out.has(low));
}

TEST_CASE("select: a negative nfds gives EINVAL") {
  timeval none = milliseconds(0);
  CHECK_FAILS(select(-1, nullptr, nullptr, nullptr, &none), EINVAL);
}

TEST_CASE("select: a negative timeout gives EINVAL") {
  timeval time{};
  time.tv_sec = -1;
  CHECK_FAILS(select(0, nullptr, nullptr, nullptr, &time), EINVAL);
}

TEST_CASE("select: a file is always ready") {
  Fd file = open_scratch("file");
  Set in{file}, out{file};
  timeval none = milliseconds(0);
  CHECK_RETURNS(select(in.top, &in.bits, &out.bits, nullptr, &none), 2);
}

TEST_CASE("select: stdin and a socket together") {
  Peer peer;
  Pair p = tcp_pair(AF_INET);
  Set idle{0, p.server};
  timeval time = milliseconds(30);
  CHECK_RETURNS(select(idle.top, &idle.bits, nullptr, nullptr, &time), 0);
  peer.begin("sleep 30; stdin x");
  Set in{0, p.server};
  time = milliseconds(5000);
  CHECK_RETURNS(select(in.top, &in.bits, nullptr, nullptr, &time), 1);
  CHECK(in.has(0));
  CHECK_FALSE(in.has(p.server));
  peer.finish();
}

TEST_CASE("select: FD_CLR takes a descriptor out") {
  Pair p = tcp_pair(AF_INET);
  Set out{p.client, p.server};
  FD_CLR(p.client, &out.bits);
  CHECK_FALSE(out.has(p.client));
  timeval none = milliseconds(0);
  CHECK_RETURNS(select(out.top, nullptr, &out.bits, nullptr, &none), 1);
  CHECK(out.has(p.server));
}

TEST_CASE("select: forty connections, every third with data") {
  std::vector<Pair> pairs;
  Set in{};
  for (int i = 0; i < 40; ++i) {
    pairs.push_back(tcp_pair(AF_INET));
    if (i % 3 == 0) {
      send_all(pairs.back().client, "x");
      REQUIRE(readable(pairs.back().server));
    }
    in.add(pairs.back().server);
  }
  timeval none = milliseconds(0);
  CHECK_RETURNS(select(in.top, &in.bits, nullptr, nullptr, &none), 14);
  int wrong = 0;
  for (int i = 0; i < 40; ++i) wrong += in.has(pairs[static_cast<std::size_t>(i)].server) != (i % 3 == 0);
  CHECK(wrong == 0);
}
