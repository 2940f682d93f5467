// The program's end, close and AF_UNSPEC while a peer never reads. Linux sends what is left without the program; a guest has to
// stay for that, as long as SO_LINGER says, or WASI_POSIX_EXIT_WAIT.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <unistd.h>
#include <csignal>
#include <cstdlib>
#include <vector>

#include "peer.h"

using namespace conformance;

namespace {

void set_linger(int fd, int seconds) {
  const linger value = {1, seconds};
  REQUIRE_OK(setsockopt(fd, SOL_SOCKET, SO_LINGER, &value, sizeof value));
}

/// Sends until nothing fits, also a moment later.
void fill_up(int fd) {
  set_nonblocking(fd);
  const std::string data = pattern(0, 1000000);
  for (int quiet = 0; quiet < 2;) {
    if (send(fd, data.data(), data.size(), 0) > 0) {
      quiet = 0;
    } else {
      ++quiet;
      (void)wait_for(fd, POLLOUT, 50);
    }
  }
  set_nonblocking(fd, false);
}

/// A full connection to a peer that never reads, and checks that the program ends within `milliseconds`.
int stuck(Peer& peer, int milliseconds, int family = AF_INET) {
  Address address = peer.listen(family);
  peer.leave("rcvbuf 65536; accept; ended " + std::to_string(milliseconds));
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  fill_up(fd);
  return fd.release();
}

}  // namespace

FAMILY_CASE("stuck peer: SO_LINGER of 0 ends the program at once") {
  Peer peer;
  set_linger(stuck(peer, 4000, family), 0);
}

FAMILY_CASE("stuck peer: SO_LINGER of 1 second ends the program after that, by exit") {
  Peer peer;
  set_linger(stuck(peer, 5000, family), 1);
  std::exit(0);
}

TEST_CASE("stuck peer: SO_LINGER of 1 second ends the program after that, by _exit") {
  Peer peer;
  set_linger(stuck(peer, 5000), 1);
  _exit(0);
}

TEST_CASE("stuck peer: without SO_LINGER the program ends, too") {
  Peer peer;
  CHECK(stuck(peer, 15000) >= 0);
}

TEST_CASE("stuck peer: WASI_POSIX_EXIT_WAIT ends the program sooner") {
  setenv("WASI_POSIX_EXIT_WAIT", "1", 1);
  Peer peer;
  CHECK(stuck(peer, 5000) >= 0);
}

TEST_CASE("stuck peer: WASI_POSIX_EXIT_WAIT of 0 ends the program at once") {
  setenv("WASI_POSIX_EXIT_WAIT", "0", 1);
  Peer peer;
  CHECK(stuck(peer, 4000) >= 0);
}

TEST_CASE("stuck peer: many at once take no longer than one") {
  Peer peers[6];
  for (Peer& peer : peers) set_linger(stuck(peer, 8000), 1);
  CHECK(true);
}

TEST_CASE("stuck peer: one that sends for ever holds nobody either") {
  Peer peer;
  Address address = peer.listen(AF_INET);
  peer.leave("rcvbuf 65536; accept; flood; ended 5000");
  Fd fd = tcp(AF_INET);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  set_linger(fd, 1);
  fill_up(fd.release());
}

TEST_CASE("stuck peer: SO_LINGER of the duplicate counts") {
  Peer peer;
  const int fd = stuck(peer, 4000);
  const int copy = dup(fd);
  set_linger(copy, 0);
  REQUIRE_OK(close(fd));
}

TEST_CASE("stuck peer: an accepted connection has its listener's SO_LINGER") {
  Peer peer;
  Bound open = listener(AF_INET);
  set_linger(open.fd, 0);
  peer.leave("connect 4 " + std::to_string(open.address.port()) + "; ended 4000");
  const int accepted = accept(open.fd, nullptr, nullptr);
  REQUIRE(accepted >= 0);
  fill_up(accepted);
}

FAMILY_CASE("stuck peer: close with SO_LINGER waits that long, blocking or not") {
  for (const bool blocking : {true, false}) {
    Peer peer;
    const int fd = stuck(peer, 9000, family);
    set_nonblocking(fd, !blocking);
    set_linger(fd, 1);
    Stopwatch watch;
    REQUIRE_OK(close(fd));
    CHECK(watch.elapsed() >= 900);
    CHECK(watch.elapsed() < 4000);
  }
}

TEST_CASE("stuck peer: an alarm ends the wait of close") {
  Peer peer;
  const int fd = stuck(peer, 9000);
  set_linger(fd, 5);
  signal(SIGALRM, [](int) {});
  alarm(1);
  Stopwatch watch;
  REQUIRE_OK(close(fd));
  CHECK(watch.elapsed() < 3500);
}

TEST_CASE("stuck peer: close with SO_LINGER of 0 is immediate") {
  Peer peer;
  const int fd = stuck(peer, 4000);
  set_linger(fd, 0);
  Stopwatch watch;
  REQUIRE_OK(close(fd));
  CHECK(watch.elapsed() < 700);
}

TEST_CASE("stuck peer: shutdown and close without SO_LINGER are immediate") {
  setenv("WASI_POSIX_EXIT_WAIT", "1", 1);
  Peer peer;
  const int fd = stuck(peer, 5000);
  Stopwatch watch;
  REQUIRE_OK(shutdown(fd, SHUT_WR));
  REQUIRE_OK(close(fd));
  CHECK(watch.elapsed() < 700);
}

FAMILY_CASE("stuck peer: AF_UNSPEC breaks off at once, and the socket connects again") {
  Peer peer, other;
  const int fd = stuck(peer, 6000, family);
  sockaddr unspecified = {};
  unspecified.sa_family = AF_UNSPEC;
  Stopwatch watch;
  REQUIRE_OK(connect(fd, &unspecified, sizeof unspecified));
  CHECK(watch.elapsed() < 700);
  Address address = other.listen(family);
  other.begin("accept; echo 5");
  REQUIRE_OK(connect(fd, address.get(), address.length));
  send_all(fd, "hello");
  CHECK(receive(fd, 5) == "hello");
  other.finish();
}

FAMILY_CASE("stuck peer: a slow one still gets everything by SO_LINGER") {
  Peer peer;
  Address address = peer.listen(family);
  peer.leave("rcvbuf 65536; accept; sleep 300; slowly 500000 20; eof");
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  set_linger(fd, 5);
  send_all(fd.release(), pattern(0, 500000));
}
