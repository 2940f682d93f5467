// Output that is held back by an option: TCP_CORK, and small writes with TCP_NODELAY.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/uio.h>

#include <cstdlib>

#include "gathering_help.h"
#include "peer.h"

using namespace conformance;
using namespace gathering;

namespace {

void set_option(int fd, int name, int value) { REQUIRE_OK(setsockopt(fd, IPPROTO_TCP, name, &value, sizeof value)); }

}  // namespace

FAMILY_CASE("TCP_CORK: holds until it is taken off") {
  Pair p = tcp_pair(family);
  set_option(p.client, TCP_CORK, 1);
  CHECK(int_option(p.client, IPPROTO_TCP, TCP_CORK) == 1);
  send_all(p.client, "bot");
  send_all(p.client, "tle");
  CHECK(arrived(p.server) == 0);
  set_option(p.client, TCP_CORK, 0);
  CHECK(int_option(p.client, IPPROTO_TCP, TCP_CORK) == 0);
  CHECK(receive(p.server, 6) == "bottle");
}

FAMILY_CASE("TCP_CORK: leaves when the program waits") {
  Pair p = tcp_pair(family);
  set_option(p.client, TCP_CORK, 1);
  send_all(p.client, "late");
  CHECK(receive(p.server, 4) == "late");
}

FAMILY_CASE("TCP_CORK: close and shutdown deliver what is held") {
  Pair p = tcp_pair(family);
  set_option(p.client, TCP_CORK, 1);
  set_option(p.server, TCP_CORK, 1);
  send_all(p.client, "request");
  REQUIRE_OK(shutdown(p.client, SHUT_WR));
  CHECK(receive_to_end(p.server) == "request");
  send_all(p.server, "answer");
  p.server.reset();
  CHECK(receive_to_end(p.client) == "answer");
}

FAMILY_CASE("TCP_CORK: exit delivers what is held") {
  Peer peer;
  Address address = peer.listen(family);
  peer.leave("accept; recv 5000; eof");
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  set_option(fd, TCP_CORK, 1);
  send_all(fd, pattern(0, 5000));
  fd.release();
}

FAMILY_CASE("TCP_CORK: more than a buffer goes on in between") {
  Peer peer;
  Address address = peer.listen(family);
  peer.begin("accept; recv 2000000; eof");
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  set_option(fd, TCP_CORK, 1);
  const std::string data = pattern(0, 2000000);
  for (std::size_t at = 0; at < data.size(); at += 500) send_all(fd, data.substr(at, 500));
  set_option(fd, TCP_CORK, 0);
  fd.reset();
  peer.finish();
}

FAMILY_CASE("TCP_NODELAY: two small writes don't wait for an acknowledgement") {
  Peer peer;
  Address address = peer.listen(family);
  constexpr int rounds = 25;
  peer.begin("accept; echo " + std::to_string(2 * rounds));
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  set_option(fd, TCP_NODELAY, 1);
  Stopwatch watch;
  for (int i = 0; i < rounds; ++i) {
    send_all(fd, "h");
    send_all(fd, "b");
    REQUIRE(receive(fd, 2) == "hb");
  }
  // With a delayed acknowledgement each round would take 40 ms.
  CHECK(watch.elapsed() < rounds * 40 / 2);
  peer.finish();
}

FAMILY_CASE("TCP_NODELAY: what was written arrives while the program uses another socket") {
  Pair p = tcp_pair(family);
  set_option(p.client, TCP_NODELAY, 1);
  send_all(p.client, "now");
  REQUIRE(readable(p.server));
  CHECK(arrived(p.server) == 3);
  CHECK(receive(p.server, 3) == "now");
}

FAMILY_CASE("TCP_NODELAY: small writes keep their order with large ones") {
  Pair p = tcp_pair(family);
  set_option(p.client, TCP_NODELAY, 1);
  const std::string large = pattern(0, 50000);
  send_all(p.client, "a");
  send_all(p.client, large);
  send_all(p.client, "z");
  CHECK(receive(p.server, large.size() + 2) == "a" + large + "z");
}

FAMILY_CASE("TCP_NODELAY: what was written arrives before SO_LINGER of 0 breaks off") {
  Pair p = tcp_pair(family);
  set_option(p.client, TCP_NODELAY, 1);
  send_all(p.client, "now");
  const linger at_once{1, 0};
  REQUIRE_OK(setsockopt(p.client, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once));
  p.client.reset();
  CHECK(receive(p.server, 3) == "now");
  char byte;
  CHECK_FAILS(recv(p.server, &byte, 1, 0), ECONNRESET);
}
