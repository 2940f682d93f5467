// SO_RCVTIMEO and SO_SNDTIMEO in the calls that they bound.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "peer.h"

using namespace conformance;

namespace {

template <class Call>
void check_times_out(Call call) {
  Stopwatch watch;
  CHECK_FAILS(call(), EAGAIN);
  CHECK(watch.elapsed() >= 50);
  CHECK(watch.elapsed() < 4000);
}

}  // namespace

FAMILY_CASE("timeouts: recv gives up with EAGAIN") {
  Pair p = tcp_pair(family);
  set_timeout(p.server, SO_RCVTIMEO, 60);
  char byte;
  check_times_out([&] { return recv(p.server, &byte, 1, 0); });
  check_times_out([&] { return read(p.server, &byte, 1); });
}

FAMILY_CASE("timeouts: after a timeout the connection still works") {
  Pair p = tcp_pair(family);
  set_timeout(p.server, SO_RCVTIMEO, 30);
  char byte;
  CHECK_FAILS(recv(p.server, &byte, 1, 0), EAGAIN);
  send_all(p.client, "x");
  CHECK_RETURNS(recv(p.server, &byte, 1, 0), 1);
}

FAMILY_CASE("timeouts: data in time is no timeout") {
  Peer peer;
  Address address = peer.listen(family);
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  set_timeout(fd, SO_RCVTIMEO, 5000);
  peer.begin("accept; sleep 40; say x");
  char byte;
  CHECK_RETURNS(recv(fd, &byte, 1, 0), 1);
  peer.finish();
}

FAMILY_CASE("timeouts: recvfrom of a UDP socket gives up with EAGAIN") {
  Bound b = bound_udp(family);
  set_timeout(b.fd, SO_RCVTIMEO, 60);
  char byte;
  check_times_out([&] { return recvfrom(b.fd, &byte, 1, 0, nullptr, nullptr); });
}

FAMILY_CASE("timeouts: send to a peer that doesn't read gives up") {
  Pair p = small_tcp_pair(family);
  set_nonblocking(p.client);
  fill(p.client);
  set_nonblocking(p.client, false);
  set_timeout(p.client, SO_SNDTIMEO, 60);
  std::string data = pattern(0, 1u << 20);
  check_times_out([&] {
    ssize_t n = 0;
    // What the kernel moved along meanwhile may make room once more.
    while ((n = send(p.client, data.data(), data.size(), 0)) > 0) {
    }
    return n;
  });
}

FAMILY_CASE("timeouts: a send that was taken in part gives the short count") {
  Pair p = small_tcp_pair(family);
  set_timeout(p.client, SO_SNDTIMEO, 80);
  std::string data = pattern(0, 4u << 20);
  ssize_t n = send(p.client, data.data(), data.size(), 0);
  REQUIRE(n > 0);
  CHECK(static_cast<std::size_t>(n) < data.size());
  CHECK(receive(p.server, static_cast<std::size_t>(n)) == data.substr(0, static_cast<std::size_t>(n)));
}

FAMILY_CASE("timeouts: zero means to wait for ever") {
  Peer peer;
  Address address = peer.listen(family);
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  set_timeout(fd, SO_RCVTIMEO, 20);
  set_timeout(fd, SO_RCVTIMEO, 0);
  peer.begin("accept; sleep 80; say x");
  char byte;
  CHECK_RETURNS(recv(fd, &byte, 1, 0), 1);
  peer.finish();
}

FAMILY_CASE("timeouts: poll isn't bound by SO_RCVTIMEO") {
  Pair p = tcp_pair(family);
  set_timeout(p.server, SO_RCVTIMEO, 10);
  Stopwatch watch;
  CHECK(wait_for(p.server, POLLIN, 60) == 0);
  CHECK(watch.elapsed() >= 55);
}

FAMILY_CASE("timeouts: a non-blocking socket ignores them") {
  Pair p = tcp_pair(family);
  set_timeout(p.server, SO_RCVTIMEO, 3000);
  set_nonblocking(p.server);
  Stopwatch watch;
  char byte;
  CHECK_FAILS(recv(p.server, &byte, 1, 0), EAGAIN);
  CHECK(watch.elapsed() < 1000);
}

FAMILY_CASE("timeouts: MSG_DONTWAIT ignores them") {
  Pair p = tcp_pair(family);
  set_timeout(p.server, SO_RCVTIMEO, 3000);
  Stopwatch watch;
  char byte;
  CHECK_FAILS(recv(p.server, &byte, 1, MSG_DONTWAIT), EAGAIN);
  CHECK(watch.elapsed() < 1000);
}

FAMILY_CASE("timeouts: an accepted socket inherits them from the listener") {
  Bound l = listener(family);
  set_timeout(l.fd, SO_RCVTIMEO, 70);
  Fd client = tcp(family);
  REQUIRE_OK(connect(client, l.address.get(), l.address.length));
  Fd server(accept(l.fd, nullptr, nullptr));
  char byte;
  check_times_out([&] { return recv(server, &byte, 1, 0); });
}

FAMILY_CASE("timeouts: stdin of the program isn't touched") {
  Pair p = tcp_pair(family);
  set_timeout(p.server, SO_RCVTIMEO, 30);
  Peer peer;
  peer.begin("sleep 80; stdin x");
  char byte;
  CHECK_FAILS(recv(p.server, &byte, 1, 0), EAGAIN);
  CHECK_RETURNS(read(0, &byte, 1), 1);
  peer.finish();
}

FAMILY_CASE("timeouts: progress restarts the timer of recv") {
  Peer peer;
  Address address = peer.listen(family);
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  set_timeout(fd, SO_RCVTIMEO, 500);
  peer.begin("accept; send 1; sleep 200; send 1; sleep 200; send 1; sleep 200; send 1");
  char buffer[4];
  long long got = recv(fd, buffer, sizeof buffer, MSG_WAITALL);
  CHECK(got >= 1);
  CHECK((got == 4) ==
        DIFFERS_ON_WASI("FreeBSD's rule, which is the project's: inactivity is timed, not the call", false, true));
  peer.finish();
}

FAMILY_CASE("timeouts: progress restarts the timer of send") {
  Peer peer;
  Address address = peer.listen(family);
  peer.call("rcvbuf 32768");
  Fd fd = tcp(family);
  int size = 32768;
  REQUIRE_OK(setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size));
  REQUIRE_OK(connect(fd, address.get(), address.length));
  set_timeout(fd, SO_SNDTIMEO, 500);
  peer.begin("accept; slowly 600000 50");
  std::string data = pattern(0, 600000);
  long long taken = send(fd, data.data(), data.size(), 0);
  REQUIRE(taken >= 1);
  CHECK((taken == 600000) ==
        DIFFERS_ON_WASI("FreeBSD's rule, which is the project's: inactivity is timed, not the call", false, true));
  set_timeout(fd, SO_SNDTIMEO, 0);
  send_all(fd, data.substr(static_cast<std::size_t>(taken)));
  peer.finish();
}
