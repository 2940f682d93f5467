// select(), pselect(): arguments, the three sets, time, every kind of descriptor.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/select.h>

#include <algorithm>
#include <initializer_list>

#include "peer.h"

using namespace conformance;

namespace {

struct Set {
  fd_set bits;

  Set(std::initializer_list<int> members) {
    FD_ZERO(&bits);
    for (int fd : members) FD_SET(fd, &bits);
  }
  bool has(int fd) { return FD_ISSET(fd, &bits) != 0; }
};

timeval milliseconds(int ms) {
  timeval time{};
  time.tv_sec = ms / 1000;
  time.tv_usec = (ms % 1000) * 1000;
  return time;
}

// Which of the three sets `fd` is in: r, w, e.
std::string look(int fd) {
  Set in{fd}, out{fd}, bad{fd};
  timeval none = milliseconds(0);
  int count = select(fd + 1, &in.bits, &out.bits, &bad.bits, &none);
  std::string found;
  if (in.has(fd)) found += 'r';
  if (out.has(fd)) found += 'w';
  if (bad.has(fd)) found += 'e';
  REQUIRE_RETURNS(count, static_cast<int>(found.size()));
  return found;
}

struct Ends {
  Fd first, second;
};
Ends pipe_ends() {
  int ends[2];
  REQUIRE_OK(pipe2(ends, O_NONBLOCK));
  return {Fd(ends[0]), Fd(ends[1])};
}

}  // namespace

FAMILY_CASE("select calls: the life of a connection") {
  Bound l = listener(family);
  Fd client = tcp(family);
  CHECK(look(client) == "rw");  // a hang-up counts as readable
  CHECK(look(l.fd).empty());
  REQUIRE_OK(connect(client, l.address.get(), l.address.length));
  REQUIRE(readable(l.fd));
  CHECK(look(l.fd) == "r");
  Fd server(accept(l.fd, nullptr, nullptr));
  CHECK(look(server) == "w");
  send_all(client, "x");
  REQUIRE(readable(server));
  CHECK(look(server) == "rw");
  CHECK(receive(server, 1) == "x");
  CHECK(look(server) == "w");
  client.reset();
  REQUIRE(readable(server));
  CHECK(look(server) == "rw");
}

FAMILY_CASE("select calls: a reset is readable and writable") {
  Peer peer;
  Address address = peer.listen(family);
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  peer.call("accept; reset");
  REQUIRE(readable(fd));
  CHECK(look(fd) == "rw");
}

FAMILY_CASE("select calls: a refused datagram is readable and writable") {
  Bound closed = bound_udp(family), u = bound_udp(family);
  REQUIRE_OK(connect(u.fd, closed.address.get(), closed.address.length));
  closed.fd.reset();
  CHECK(look(u.fd) == "w");
  send_all(u.fd, "x");
  REQUIRE((wait_for(u.fd, POLLIN) & POLLERR) != 0);
  CHECK(look(u.fd) == "rw");
}

FAMILY_CASE("select calls: less than the low-water mark isn't readable") {
  Pair p = tcp_pair(family);
  int mark = 3;
  REQUIRE_OK(setsockopt(p.server, SOL_SOCKET, SO_RCVLOWAT, &mark, sizeof mark));
  send_all(p.client, "ab");
  Set in{p.server};
  timeval some = milliseconds(40);
  CHECK_RETURNS(select(p.server + 1, &in.bits, nullptr, nullptr, &some), 0);
  send_all(p.client, "c");
  REQUIRE(readable(p.server));
  CHECK(look(p.server) == "rw");
}

TEST_CASE("select calls: both ends of a pipe") {
  Ends p = pipe_ends();
  CHECK(look(p.first).empty());
  CHECK(look(p.second) == "w");
  REQUIRE_RETURNS(write(p.second, "ab", 2), 2);
  CHECK(look(p.first) == "r");
  p.second.reset();
  char bytes[4];
  REQUIRE_RETURNS(read(p.first, bytes, 4), 2);
  CHECK(look(p.first) == "r");
}

TEST_CASE("select calls: a pipe whose reader is gone is readable and writable") {
  Ends p = pipe_ends();
  p.first.reset();
  CHECK(look(p.second) == "rw");
}

TEST_CASE("select calls: an eventfd and a local pair") {
  Fd fd(eventfd(0, 0));
  CHECK(look(fd) == "w");
  std::uint64_t one = 1;
  REQUIRE_RETURNS(write(fd, &one, 8), 8);
  CHECK(look(fd) == "rw");
  int ends[2];
  REQUIRE_OK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
  Fd a(ends[0]), b(ends[1]);
  CHECK(look(a) == "w");
  b.reset();
  CHECK(look(a) == "rw");
}

TEST_CASE("select calls: a bad descriptor in any of the sets gives EBADF") {
  Fd fd(eventfd(0, 0));  // and a number that isn't beyond what the kernel's table has
  for (int which = 0; which < 3; ++which) {
    Set sets[3] = {{fd}, {fd}, {fd}};
    FD_SET(50, &sets[which].bits);
    timeval none = milliseconds(0);
    CHECK_FAILS(select(51, &sets[0].bits, &sets[1].bits, &sets[2].bits, &none), EBADF);
  }
}

TEST_CASE("select calls: EBADF leaves the sets as they were") {
  Fd fd(eventfd(0, 0));
  Set in{fd, 50}, out{fd};
  timeval none = milliseconds(0);
  CHECK_FAILS(select(51, &in.bits, &out.bits, nullptr, &none), EBADF);
  CHECK(in.has(fd));
  CHECK(in.has(50));
  CHECK(out.has(fd));
}

TEST_CASE("select calls: a bad descriptor at or above nfds doesn't count") {
  Fd fd(eventfd(1, 0));
  Set in{fd, 700};
  timeval none = milliseconds(0);
  CHECK_RETURNS(select(700, &in.bits, nullptr, nullptr, &none), 1);
  CHECK(in.has(fd));
}

TEST_CASE("select calls: the largest number that fits") {
  Fd fd(eventfd(1, 0));
  Fd high(fcntl(fd, F_DUPFD, FD_SETSIZE - 1));
  REQUIRE(high == FD_SETSIZE - 1);
  Set in{high};
  timeval none = milliseconds(0);
  CHECK_RETURNS(select(FD_SETSIZE, &in.bits, nullptr, nullptr, &none), 1);
  CHECK(in.has(high));
}

TEST_CASE("select calls: nfds of more than FD_SETSIZE") {
  Fd fd(eventfd(1, 0));
  // Room for what the kernel may read and write.
  struct {
    fd_set bits, rest[3];
  } in;
  std::memset(&in, 0, sizeof in);
  FD_SET(fd, &in.bits);
  timeval none = milliseconds(0);
  CHECK_RETURNS(select(FD_SETSIZE + 500, &in.bits, nullptr, nullptr, &none), 1);
}

TEST_CASE("select calls: nfds of zero doesn't look at the sets") {
  Fd fd(eventfd(1, 0));
  Set in{fd};
  timeval some = milliseconds(30);
  Stopwatch watch;
  CHECK_RETURNS(select(0, &in.bits, nullptr, nullptr, &some), 0);
  CHECK(watch.elapsed() >= 28);
}

TEST_CASE("select calls: microseconds below zero give EINVAL, of more than a second count") {
  timeval time{};
  time.tv_usec = -1;
  CHECK_FAILS(select(0, nullptr, nullptr, nullptr, &time), EINVAL);
  Fd fd(eventfd(1, 0));
  Set in{fd};
  time.tv_usec = 1500000;
  CHECK_RETURNS(select(fd + 1, &in.bits, nullptr, nullptr, &time), 1);
}

TEST_CASE("select calls: the time that was left is told") {
  Fd fd(eventfd(1, 0));
  Set in{fd};
  timeval time = milliseconds(9000);
  CHECK_RETURNS(select(fd + 1, &in.bits, nullptr, nullptr, &time), 1);
  CHECK(time.tv_sec * 1000 + time.tv_usec / 1000 > 5000);
  CHECK(time.tv_sec * 1000 + time.tv_usec / 1000 <= 9000);
  std::uint64_t value;
  REQUIRE_RETURNS(read(fd, &value, 8), 8);
  time = milliseconds(30);
  CHECK_RETURNS(select(fd + 1, &in.bits, nullptr, nullptr, &time), 0);
  CHECK(time.tv_sec == 0);
  CHECK(time.tv_usec == 0);
}

TEST_CASE("select calls: pselect leaves the time as it is") {
  timespec some{};
  some.tv_nsec = 30000000;
  Stopwatch watch;
  CHECK_RETURNS(pselect(0, nullptr, nullptr, nullptr, &some, nullptr), 0);
  CHECK(watch.elapsed() >= 28);
  CHECK(some.tv_nsec == 30000000);
}

TEST_CASE("select calls: pselect with a mask, and waiting without a time") {
  Peer peer;
  Address address = peer.listen(AF_INET);
  Fd fd = tcp(AF_INET);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  peer.begin("accept; sleep 30; say x");
  sigset_t mask;
  sigemptyset(&mask);
  Set in{fd};
  CHECK_RETURNS(pselect(fd + 1, &in.bits, nullptr, nullptr, nullptr, &mask), 1);
  CHECK(in.has(fd));
  peer.finish();
}

TEST_CASE("select calls: pselect with a bad time or nfds gives EINVAL") {
  timespec bad{};
  bad.tv_nsec = 1000000000;
  CHECK_FAILS(pselect(0, nullptr, nullptr, nullptr, &bad, nullptr), EINVAL);
  bad.tv_nsec = -1;
  CHECK_FAILS(pselect(0, nullptr, nullptr, nullptr, &bad, nullptr), EINVAL);
  bad.tv_nsec = 0;
  bad.tv_sec = -1;
  CHECK_FAILS(pselect(0, nullptr, nullptr, nullptr, &bad, nullptr), EINVAL);
  CHECK_FAILS(pselect(-1, nullptr, nullptr, nullptr, nullptr, nullptr), EINVAL);
}

TEST_CASE("select calls: a descriptor that is set and cleared again") {
  Fd a(eventfd(1, 0)), b(eventfd(1, 0));
  Set in{a, b};
  FD_CLR(a, &in.bits);
  FD_CLR(a, &in.bits);
  FD_SET(b, &in.bits);
  timeval none = milliseconds(0);
  CHECK_RETURNS(select(std::max<int>(a, b) + 1, &in.bits, nullptr, nullptr, &none), 1);
  CHECK_FALSE(in.has(a));
  CHECK(in.has(b));
}

TEST_CASE("select calls: the exceptional set alone is a sleep") {
  Pair p = tcp_pair(AF_INET);
  send_all(p.client, "x");
  REQUIRE(readable(p.server));
  Set bad{p.client, p.server};
  timeval some = milliseconds(30);
  Stopwatch watch;
  CHECK_RETURNS(select(std::max<int>(p.client, p.server) + 1, nullptr, nullptr, &bad.bits, &some), 0);
  CHECK(watch.elapsed() >= 28);
  CHECK_FALSE(bad.has(p.server));
}

TEST_CASE("select calls: files, directories and standard output") {
  Fd file = open_scratch("file"), directory(open(scratch("").c_str(), O_RDONLY | O_DIRECTORY));
  CHECK(look(file) == "rw");
  CHECK(look(directory) == "rw");
  Set out{1, 2};
  timeval none = milliseconds(0);
  CHECK_RETURNS(select(3, nullptr, &out.bits, nullptr, &none), 2);
}
