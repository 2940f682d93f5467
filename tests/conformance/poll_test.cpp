// poll(): every bit of it on TCP, UDP and other descriptors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <vector>

#include "peer.h"

using namespace conformance;

namespace {

constexpr short all = POLLIN | POLLOUT | POLLPRI | POLLRDHUP;

pollfd entry(int fd, short events) {
  pollfd made{};
  made.fd = fd;
  made.events = events;
  made.revents = -1;  // poll has to write it
  return made;
}

}  // namespace

FAMILY_CASE("poll: a fresh TCP socket is writable and hung up") {
  Fd fd = tcp(family);
  CHECK(wait_for(fd, POLLIN | POLLOUT, 0) == (POLLOUT | POLLHUP));
}

FAMILY_CASE("poll: a bound TCP socket is like a fresh one") {
  Bound b = bound_tcp(family);
  CHECK(wait_for(b.fd, POLLIN | POLLOUT, 0) == (POLLOUT | POLLHUP));
}

FAMILY_CASE("poll: a fresh UDP socket is writable") {
  Fd fd = udp(family);
  CHECK(wait_for(fd, POLLIN | POLLOUT, 0) == POLLOUT);
}

FAMILY_CASE("poll: an idle connection is writable only") {
  Pair p = tcp_pair(family);
  CHECK(wait_for(p.client, all, 0) == POLLOUT);
  CHECK(wait_for(p.server, all, 0) == POLLOUT);
}

FAMILY_CASE("poll: data makes a connection readable, reading it makes it idle") {
  Pair p = tcp_pair(family);
  send_all(p.client, "ab");
  REQUIRE(readable(p.server));
  CHECK(wait_for(p.server, all, 0) == (POLLIN | POLLOUT));
  CHECK(receive(p.server, 1) == "a");
  CHECK(wait_for(p.server, POLLIN, 0) == POLLIN);
  CHECK(receive(p.server, 1) == "b");
  CHECK(wait_for(p.server, POLLIN, 0) == 0);
}

FAMILY_CASE("poll: readable never lies after many reads") {
  Pair p = tcp_pair(family);
  int lies = 0;
  for (int i = 0; i < 200; ++i) {
    send_all(p.client, "0123456789");
    REQUIRE(receive(p.server, 10) == "0123456789");
    if (wait_for(p.server, POLLIN, 0) != 0) ++lies;
  }
  CHECK(lies == 0);
}

FAMILY_CASE("poll: the peer's half-close gives POLLIN and POLLRDHUP") {
  Pair p = tcp_pair(family);
  REQUIRE_OK(shutdown(p.client, SHUT_WR));
  REQUIRE(readable(p.server));
  CHECK(wait_for(p.server, all, 0) == (POLLIN | POLLOUT | POLLRDHUP));
  CHECK(wait_for(p.server, POLLIN, 0) == POLLIN);
}

FAMILY_CASE("poll: POLLRDHUP alone can be waited for") {
  Pair p = tcp_pair(family);
  send_all(p.client, "data");
  REQUIRE(readable(p.server));
  CHECK(wait_for(p.server, POLLRDHUP, 0) == 0);
  REQUIRE_OK(shutdown(p.client, SHUT_WR));
  CHECK(wait_for(p.server, POLLRDHUP) == POLLRDHUP);
}

FAMILY_CASE("poll: closed in both directions gives POLLHUP") {
  Pair p = tcp_pair(family);
  REQUIRE_OK(shutdown(p.client, SHUT_WR));
  REQUIRE(readable(p.server));
  REQUIRE_OK(shutdown(p.server, SHUT_WR));
  CHECK((wait_for(p.server, 0) & POLLHUP) != 0);
  CHECK(wait_for(p.server, all, 0) == (POLLIN | POLLOUT | POLLRDHUP | POLLHUP));
}

FAMILY_CASE("poll: after SHUT_RD a connection is readable with POLLRDHUP") {
  Pair p = tcp_pair(family);
  REQUIRE_OK(shutdown(p.server, SHUT_RD));
  CHECK(wait_for(p.server, all, 0) == (POLLIN | POLLOUT | POLLRDHUP));
}

FAMILY_CASE("poll: after SHUT_WR it stays writable, as sending fails at once") {
  Pair p = tcp_pair(family);
  REQUIRE_OK(shutdown(p.client, SHUT_WR));
  CHECK(wait_for(p.client, POLLIN | POLLOUT, 0) == POLLOUT);
}

FAMILY_CASE("poll: a listener is readable when a connection waits") {
  Bound l = listener(family);
  CHECK(wait_for(l.fd, POLLIN | POLLOUT, 0) == 0);
  Fd client = tcp(family);
  REQUIRE_OK(connect(client, l.address.get(), l.address.length));
  CHECK(wait_for(l.fd, POLLIN | POLLOUT) == POLLIN);
  Fd server(accept(l.fd, nullptr, nullptr));
  CHECK(wait_for(l.fd, POLLIN | POLLOUT, 0) == 0);
}

FAMILY_CASE("poll: a full connection isn't writable until the peer reads") {
  Pair p = small_tcp_pair(family);
  set_nonblocking(p.client);
  std::size_t taken = fill(p.client);
  CHECK(wait_for(p.client, POLLOUT, 0) == 0);
  receive(p.server, taken);
  CHECK(wait_for(p.client, POLLOUT) == POLLOUT);
}

FAMILY_CASE("poll: a UDP socket is readable while datagrams wait") {
  Pair p = udp_pair(family);
  CHECK(wait_for(p.server, POLLIN | POLLOUT, 0) == POLLOUT);
  send_all(p.client, "a");
  send_all(p.client, "b");
  REQUIRE(readable(p.server));
  CHECK(wait_for(p.server, POLLIN | POLLOUT, 0) == (POLLIN | POLLOUT));
  char byte;
  REQUIRE_RETURNS(recv(p.server, &byte, 1, 0), 1);
  CHECK(readable(p.server));
  REQUIRE_RETURNS(recv(p.server, &byte, 1, 0), 1);
  CHECK(wait_for(p.server, POLLIN | POLLOUT, 0) == POLLOUT);
}

TEST_CASE("poll: a closed descriptor gives POLLNVAL") {
  Fd open = tcp(AF_INET);
  int number = open;
  open.reset();
  pollfd set[1] = {entry(number, POLLIN)};
  CHECK_RETURNS(poll(set, 1, 1000), 1);
  CHECK(set[0].revents == POLLNVAL);
}

TEST_CASE("poll: a number that was never open gives POLLNVAL") {
  pollfd set[2] = {entry(900, POLLIN), entry(123456789, 0)};
  CHECK_RETURNS(poll(set, 2, 1000), 2);
  CHECK(set[0].revents == POLLNVAL);
  CHECK(set[1].revents == POLLNVAL);
}

TEST_CASE("poll: negative descriptors are skipped and their revents cleared") {
  Pair p = tcp_pair(AF_INET);
  pollfd set[3] = {entry(-1, POLLIN), entry(p.client, POLLOUT), entry(-77, POLLOUT)};
  CHECK_RETURNS(poll(set, 3, 0), 1);
  CHECK(set[0].revents == 0);
  CHECK(set[1].revents == POLLOUT);
  CHECK(set[2].revents == 0);
}

TEST_CASE("poll: only negative descriptors sleeps") {
  pollfd set[1] = {entry(-1, POLLIN)};
  Stopwatch watch;
  CHECK_RETURNS(poll(set, 1, 50), 0);
  CHECK(watch.elapsed() >= 45);
  CHECK(set[0].revents == 0);
}

TEST_CASE("poll: with nothing sleeps") {
  Stopwatch watch;
  CHECK_RETURNS(poll(nullptr, 0, 50), 0);
  CHECK(watch.elapsed() >= 45);
  CHECK(watch.elapsed() < 3000);
}

TEST_CASE("poll: nothing and a timeout of zero returns at once") { CHECK_RETURNS(poll(nullptr, 0, 0), 0); }

TEST_CASE("poll: a timeout with idle sockets is kept") {
  Pair p = tcp_pair(AF_INET);
  Bound u = bound_udp(AF_INET);
  pollfd set[2] = {entry(p.server, POLLIN), entry(u.fd, POLLIN)};
  Stopwatch watch;
  CHECK_RETURNS(poll(set, 2, 60), 0);
  CHECK(watch.elapsed() >= 55);
  CHECK(set[0].revents == 0);
  CHECK(set[1].revents == 0);
}

TEST_CASE("poll: NULL with entries gives EFAULT") {
  pollfd* volatile null = nullptr;
  CHECK_FAILS(poll(null, 1, 0), EFAULT);
}

TEST_CASE("poll: the same descriptor twice is reported twice") {
  Pair p = tcp_pair(AF_INET);
  send_all(p.client, "x");
  REQUIRE(readable(p.server));
  pollfd set[3] = {entry(p.server, POLLIN), entry(p.server, POLLOUT), entry(p.server, POLLIN | POLLOUT)};
  CHECK_RETURNS(poll(set, 3, 0), 3);
  CHECK(set[0].revents == POLLIN);
  CHECK(set[1].revents == POLLOUT);
  CHECK(set[2].revents == (POLLIN | POLLOUT));
}

TEST_CASE("poll: events of zero still report a hang-up") {
  Fd fd = tcp(AF_INET);
  CHECK(wait_for(fd, 0, 0) == POLLHUP);
}

TEST_CASE("poll: one ready among many idle ones") {
  std::vector<Pair> pairs;
  std::vector<pollfd> set;
  for (int i = 0; i < 60; ++i) {
    pairs.push_back(tcp_pair(i % 2 == 0 ? AF_INET : AF_INET6));
    set.push_back(entry(pairs.back().server, POLLIN));
  }
  send_all(pairs[37].client, "x");
  CHECK_RETURNS(poll(set.data(), set.size(), 5000), 1);
  int others = 0;
  for (std::size_t i = 0; i < set.size(); ++i) others += i != 37 && set[i].revents != 0;
  CHECK(set[37].revents == POLLIN);
  CHECK(others == 0);
}

TEST_CASE("poll: waits for whichever comes first") {
  Peer peer;
  Address address = peer.listen(AF_INET);
  Fd fd = tcp(AF_INET);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  Bound u = bound_udp(AF_INET), l = listener(AF_INET);
  peer.begin("accept; sleep 40; say x");
  pollfd set[3] = {entry(u.fd, POLLIN), entry(fd, POLLIN), entry(l.fd, POLLIN)};
  Stopwatch watch;
  CHECK_RETURNS(poll(set, 3, -1), 1);
  CHECK(set[1].revents == POLLIN);
  CHECK(watch.elapsed() < 5000);
  peer.finish();
}

TEST_CASE("poll: a pipe on stdin and a socket together") {
  Peer peer;
  Pair p = tcp_pair(AF_INET);
  pollfd set[2] = {entry(0, POLLIN), entry(p.server, POLLIN)};
  CHECK_RETURNS(poll(set, 2, 30), 0);
  peer.call("stdin line\\n");
  CHECK_RETURNS(poll(set, 2, 5000), 1);
  CHECK(set[0].revents == POLLIN);
  CHECK(set[1].revents == 0);
  char buffer[16];
  CHECK_RETURNS(read(0, buffer, sizeof buffer), 5);
  send_all(p.client, "x");
  CHECK_RETURNS(poll(set, 2, 5000), 1);
  CHECK(set[0].revents == 0);
  CHECK(set[1].revents == POLLIN);
}

TEST_CASE("poll: stdin wakes a wait that also holds sockets") {
  Peer peer;
  Pair p = tcp_pair(AF_INET6);
  peer.begin("sleep 50; stdin now");
  pollfd set[2] = {entry(p.server, POLLIN), entry(0, POLLIN)};
  CHECK_RETURNS(poll(set, 2, -1), 1);
  CHECK(set[1].revents == POLLIN);
  peer.finish();
}

TEST_CASE("poll: a file is always ready") {
  Fd file = open_scratch("file");
  Pair p = tcp_pair(AF_INET);
  pollfd set[2] = {entry(file, POLLIN | POLLOUT), entry(p.server, POLLIN)};
  CHECK_RETURNS(poll(set, 2, 5000), 1);
  CHECK(set[0].revents == (POLLIN | POLLOUT));
  CHECK(set[1].revents == 0);
}
