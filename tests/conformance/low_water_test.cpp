// SO_RCVLOWAT, SO_LINGER, and what close does with what is left.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/uio.h>

#include "peer.h"

using namespace conformance;

namespace {

void low_water(int fd, int bytes) { REQUIRE_OK(setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &bytes, sizeof bytes)); }

void set_linger(int fd, int on, int seconds) {
  const linger value = {on, seconds};
  REQUIRE_OK(setsockopt(fd, SOL_SOCKET, SO_LINGER, &value, sizeof value));
}

bool select_says_readable(int fd) {
  fd_set set;
  FD_ZERO(&set);
  FD_SET(fd, &set);
  timeval now = {0, 0};
  return select(fd + 1, &set, nullptr, nullptr, &now) == 1;
}

/// Waits until so many bytes have arrived, without reading them.
void arrive(int fd, int bytes) {
  for (int i = 0, have = 0; i < 4000 && have < bytes; ++i) {
    REQUIRE_OK(ioctl(fd, FIONREAD, &have));
    if (have < bytes) REQUIRE_OK(poll(nullptr, 0, 2));
    REQUIRE(i < 3999);
  }
}

}  // namespace

FAMILY_CASE("low water: poll and select wait for so many bytes") {
  Pair p = tcp_pair(family);
  low_water(p.server, 5);
  send_all(p.client, "four");
  arrive(p.server, 4);
  CHECK((wait_for(p.server, POLLIN, 0) & POLLIN) == 0);
  CHECK_FALSE(select_says_readable(p.server));
  send_all(p.client, "5");
  CHECK(readable(p.server));
  CHECK(select_says_readable(p.server));
}

FAMILY_CASE("low water: a blocking recv waits for so many bytes") {
  Peer peer;
  Address address = peer.listen(family);
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  low_water(fd, 10);
  peer.begin("accept; send 4; sleep 60; send 6");
  char buffer[64];
  CHECK_RETURNS(recv(fd, buffer, sizeof buffer, 0), 10);
  CHECK(std::string(buffer, 10) == pattern(0, 10));
  peer.finish();
}

FAMILY_CASE("low water: a small recv doesn't wait for more than it asks") {
  Pair p = tcp_pair(family);
  low_water(p.server, 10);
  send_all(p.client, "abc");
  char buffer[3];
  CHECK_RETURNS(recv(p.server, buffer, 3, 0), 3);
}

FAMILY_CASE("low water: a non-blocking recv takes what there is") {
  Pair p = tcp_pair(family);
  low_water(p.server, 10);
  send_all(p.client, "abc");
  arrive(p.server, 3);
  char buffer[16];
  CHECK_RETURNS(recv(p.server, buffer, sizeof buffer, MSG_DONTWAIT), 3);
}

FAMILY_CASE("low water: the end of the stream counts as enough") {
  Pair p = tcp_pair(family);
  low_water(p.server, 10);
  send_all(p.client, "abc");
  p.client.reset();
  CHECK(readable(p.server));
  CHECK(receive_to_end(p.server) == "abc");
}

FAMILY_CASE("low water: SO_RCVTIMEO gives what has come so far") {
  Pair p = tcp_pair(family);
  low_water(p.server, 10);
  set_timeout(p.server, SO_RCVTIMEO, 60);
  send_all(p.client, "abc");
  char buffer[16];
  CHECK_RETURNS(recv(p.server, buffer, sizeof buffer, 0), 3);
}

FAMILY_CASE("low water: an accepted socket inherits it") {
  Bound open = listener(family);
  low_water(open.fd, 7);
  Fd client = tcp(family);
  REQUIRE_OK(connect(client, open.address.get(), open.address.length));
  Fd accepted(accept(open.fd, nullptr, nullptr));
  CHECK(int_option(accepted, SOL_SOCKET, SO_RCVLOWAT) == 7);
}

FAMILY_CASE("linger: close with an interval waits until everything is taken") {
  Peer peer;
  Address address = peer.listen(family);
  peer.begin("rcvbuf 65536; accept; sleep 60; recv 600000; eof");
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  set_linger(fd, 1, 10);
  send_all(fd, pattern(0, 600000));
  REQUIRE_OK(close(fd.release()));
  peer.finish();
}

FAMILY_CASE("linger: with nothing unsent close returns at once") {
  Pair p = tcp_pair(family);
  set_linger(p.client, 1, 10);
  send_all(p.client, "x");
  CHECK(receive(p.server, 1) == "x");
  Stopwatch watch;
  REQUIRE_OK(close(p.client.release()));
  CHECK(watch.elapsed() < 3000);
  CHECK(receive_to_end(p.server).empty());
}

FAMILY_CASE("linger: an interval of zero still ends the connection") {
  Pair p = tcp_pair(family);
  set_linger(p.client, 1, 0);
  REQUIRE_OK(close(p.client.release()));
  const short events = wait_for(p.server, POLLIN);
  CHECK((events & POLLIN) != 0);
  char byte;
  CHECK_FAILS(recv(p.server, &byte, 1, 0), ECONNRESET);
}

FAMILY_CASE("linger: off means that close doesn't wait") {
  Peer peer;
  Address address = peer.listen(family);
  peer.leave("rcvbuf 65536; accept; sleep 300; drain");
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  set_linger(fd, 0, 10);
  set_nonblocking(fd);
  const std::string data = pattern(0, 4000000);
  std::size_t taken = 0;
  for (ssize_t n; taken < data.size() && (n = send(fd, data.data() + taken, data.size() - taken, 0)) > 0;)
    taken += static_cast<std::size_t>(n);
  CHECK(taken > 0);
  Stopwatch watch;
  REQUIRE_OK(close(fd.release()));
  CHECK(watch.elapsed() < 250);
}

FAMILY_CASE("close: several slow readers at once get everything") {
  constexpr int count = 4;
  Peer peers[count];
  for (Peer& peer : peers) {
    Address address = peer.listen(family);
    peer.leave("rcvbuf 65536; accept; sleep 40; recv 400000; eof");
    Fd fd = tcp(family);
    REQUIRE_OK(connect(fd, address.get(), address.length));
    send_all(fd, pattern(0, 400000));
  }
  CHECK(true);
}

FAMILY_CASE("close: a lingering connection goes on while the program works with others") {
  Peer slow, quick;
  Address slow_address = slow.listen(family), quick_address = quick.listen(family);
  slow.begin("rcvbuf 65536; accept; recv 1500000; eof");
  quick.begin("accept; echo 50");
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, slow_address.get(), slow_address.length));
  set_nonblocking(fd);
  const std::string data = pattern(0, 1500000);
  for (std::size_t at = 0; at < data.size();) {
    const ssize_t n = send(fd, data.data() + at, data.size() - at, 0);
    if (n > 0) {
      at += static_cast<std::size_t>(n);
    } else {
      REQUIRE(writable(fd));
    }
  }
  fd.reset();
  Fd other = tcp(family);
  REQUIRE_OK(connect(other, quick_address.get(), quick_address.length));
  for (int i = 0; i < 50; ++i) {
    send_all(other, "p");
    CHECK(receive(other, 1) == "p");
  }
  slow.finish();
  quick.finish();
}

FAMILY_CASE("offset: pread, pwrite and their vectors on a connection give ESPIPE and take nothing") {
  Pair p = tcp_pair(family);
  send_all(p.client, "stays");
  REQUIRE(readable(p.server));
  char buffer[8];
  iovec piece = {buffer, sizeof buffer};
  CHECK_FAILS(pread(p.server, buffer, sizeof buffer, 0), ESPIPE);
  CHECK_FAILS(preadv(p.server, &piece, 1, 0), ESPIPE);
  CHECK_FAILS(pwrite(p.server, "x", 1, 0), ESPIPE);
  CHECK_FAILS(pwritev(p.server, &piece, 1, 0), ESPIPE);
  CHECK(receive(p.server, 5) == "stays");
}
