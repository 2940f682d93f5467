// What the peer gets when the program ends: every byte that send() accepted.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cstdio>
#include <cstdlib>

#include "peer.h"

using namespace conformance;

namespace {

/// A connection to the peer, which reads late and has to find exactly `size` bytes of pattern and then the end. The
/// runner judges that once the program is gone.
int connected_to_late_reader(Peer& peer, int family, std::size_t size) {
  Address address = peer.listen(family);
  peer.leave("accept; sleep 150; recv " + std::to_string(size) + "; eof");
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  return fd.release();
}

/// Sends as much of the pattern as a non-blocking socket takes.
std::size_t fill_once(int fd, std::size_t size) {
  std::string data = pattern(0, size);
  std::size_t taken = 0;
  while (taken < size) {
    ssize_t n = send(fd, data.data() + taken, size - taken, 0);
    if (n == -1) break;
    taken += static_cast<std::size_t>(n);
  }
  return taken;
}

}  // namespace

FAMILY_CASE("exit: returning from main loses no byte of a blocking send") {
  Peer peer;
  int fd = connected_to_late_reader(peer, family, 1000000);
  send_all(fd, pattern(0, 1000000));
  CHECK(fd >= 0);
}

FAMILY_CASE("exit: exit() right after send() of megabytes loses no byte") {
  Peer peer;
  int fd = connected_to_late_reader(peer, family, 3000000);
  send_all(fd, pattern(0, 3000000));
  std::exit(0);
}

FAMILY_CASE("exit: _exit() loses no byte that was sent") {
  Peer peer;
  int fd = connected_to_late_reader(peer, family, 500000);
  send_all(fd, pattern(0, 500000));
  _exit(0);
}

FAMILY_CASE("exit: close() and then exit() loses no byte") {
  Peer peer;
  int fd = connected_to_late_reader(peer, family, 2000000);
  send_all(fd, pattern(0, 2000000));
  REQUIRE_OK(close(fd));
  std::exit(0);
}

FAMILY_CASE("exit: shutdown() and then exit() loses no byte") {
  Peer peer;
  int fd = connected_to_late_reader(peer, family, 2000000);
  send_all(fd, pattern(0, 2000000));
  REQUIRE_OK(shutdown(fd, SHUT_WR));
  std::exit(0);
}

FAMILY_CASE("exit: what a non-blocking send took arrives though nobody waited") {
  Pair p = tcp_pair(family);
  Peer peer;
  Address address = peer.listen(family);
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  set_nonblocking(fd);
  std::size_t taken = fill_once(fd, 8u << 20);
  REQUIRE(taken > 0);
  // The peer starts to read only now, told how much there must be.
  peer.leave("accept; recv " + std::to_string(taken) + "; eof");
  fd.release();
  std::exit(0);
}

FAMILY_CASE("exit: buffered stdio over a socket is flushed and arrives") {
  Peer peer;
  int fd = connected_to_late_reader(peer, family, 300000);
  FILE* out = fdopen(fd, "w");
  REQUIRE(out != nullptr);
  std::string data = pattern(0, 300000);
  REQUIRE(std::fwrite(data.data(), 1, data.size(), out) == data.size());
  std::exit(0);
}

FAMILY_CASE("exit: several connections all get everything") {
  Peer peers[4];
  for (Peer& peer : peers) {
    int fd = connected_to_late_reader(peer, family, 400000);
    send_all(fd, pattern(0, 400000));
  }
  std::exit(0);
}

FAMILY_CASE("exit: an open connection without unsent data ends in order") {
  Peer peer;
  Address address = peer.listen(family);
  peer.leave("accept; eof");
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  fd.release();
  std::exit(0);
}

FAMILY_CASE("close: doesn't wait for a slow reader, and loses nothing") {
  Peer peer;
  Address address = peer.listen(family);
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  set_nonblocking(fd);
  std::size_t taken = fill_once(fd, 8u << 20);
  Stopwatch watch;
  fd.reset();
  CHECK(watch.elapsed() < 2000);
  CHECK(peer.call("accept; recv " + std::to_string(taken) + "; eof") == "");
}
