// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The fake host itself: what kills a guest on a real host ends a test here.
#include "scene.h"
#include "wit-bindings/0.2/clocks.h"
#include "wit-bindings/0.2/raw.h"
#include "wit-bindings/0.2/tcp.h"
#include "wit-bindings/0.2/udp.h"

using Catch::Matchers::ContainsSubstring;
using posix_sockets::Family;
using posix_sockets::SocketAddress;

namespace {

struct Ends {
  wasi::TcpSocket socket;
  wasi::TcpStreams streams;
  Peer peer;
};

Ends connect_raw() {
  Ends ends;
  ends.peer = host().will_connect();
  ends.socket = static_cast<wasi::TcpSocket&&>(wasi::TcpSocket::create(Family::ipv4).value());
  (void)ends.socket.start_connect(SocketAddress::loopback(Family::ipv4, 80));
  (void)ends.socket.finish_connect();
  const wasi::Pollable pollable = ends.socket.subscribe();
  const wasi::RawHandle list[] = {pollable.borrow()};
  uint32_t ready;
  wasi::poll(list, 1, &ready);
  auto streams = ends.socket.finish_connect();
  REQUIRE(streams.ok());
  ends.streams = static_cast<wasi::TcpStreams&&>(streams.value());
  return ends;
}

}  // namespace

TEST_CASE("fake host: a handle that isn't one traps") {
  CHECK_THAT(trapped([] { wasi::raw::wps_pollable_drop(77); }), ContainsSubstring("is no handle"));
}

TEST_CASE("fake host: a dropped handle traps") {
  Ends ends = connect_raw();
  CHECK_THAT(trapped([&] {
               wasi::Pollable pollable = ends.streams.input.subscribe();
               const wasi::RawHandle raw = pollable.borrow();
               pollable.reset();
               wasi::raw::wps_pollable_drop(raw);
             }),
             ContainsSubstring("is no handle"));
}

TEST_CASE("fake host: a handle of another type traps") {
  Ends ends = connect_raw();
  CHECK_THAT(trapped([&] { wasi::raw::wps_pollable_drop(ends.socket.borrow()); }), ContainsSubstring("not pollable"));
}

TEST_CASE("fake host: a stream dropped before its pollable traps") {
  Ends ends = connect_raw();
  CHECK_THAT(trapped([&] {
               wasi::Pollable pollable = ends.streams.input.subscribe();
               ends.streams.input.reset();
             }),
             ContainsSubstring("before its 1 children"));
}

TEST_CASE("fake host: a socket dropped before its streams traps") {
  Ends ends = connect_raw();
  CHECK_THAT(trapped([&] { ends.socket.reset(); }), ContainsSubstring("before its 2 children"));
}

TEST_CASE("fake host: a write without a permit traps") {
  Ends ends = connect_raw();
  CHECK_THAT(trapped([&] { (void)ends.streams.output.write("x", 1); }), ContainsSubstring("permit for 0"));
}

TEST_CASE("fake host: a second write on one permit traps") {
  Ends ends = connect_raw();
  CHECK_THAT(trapped([&] {
               (void)ends.streams.output.check_write();
               (void)ends.streams.output.write("x", 1);
               (void)ends.streams.output.write("x", 1);
             }),
             ContainsSubstring("permit for 0"));
}

TEST_CASE("fake host: a write beyond the permit traps") {
  Ends ends = connect_raw();
  ends.peer->out.permits = {3};
  CHECK_THAT(trapped([&] {
               (void)ends.streams.output.check_write();
               (void)ends.streams.output.write("four", 4);
             }),
             ContainsSubstring("permit for 3"));
}

TEST_CASE("fake host: a write of more than 64K traps whatever the permit") {
  host().older = true;
  Ends ends = connect_raw();
  const std::string large(65537, 'x');
  CHECK_THAT(trapped([&] {
               (void)ends.streams.output.check_write();
               (void)ends.streams.output.write(large.data(), large.size());
             }),
             ContainsSubstring("65537 bytes"));
}

TEST_CASE("fake host: polling nothing traps") {
  CHECK_THAT(trapped([] { wasi::poll(nullptr, 0, nullptr); }), ContainsSubstring("empty list"));
}

TEST_CASE("fake host: a wait that nothing can end traps") {
  Ends ends = connect_raw();
  CHECK_THAT(trapped([&] {
               const wasi::Pollable pollable = ends.streams.input.subscribe();
               const wasi::RawHandle list[] = {pollable.borrow()};
               uint32_t ready;
               wasi::poll(list, 1, &ready);
             }),
             ContainsSubstring("for ever"));
}

TEST_CASE("fake host: a second stream() of a UDP socket while the first lives traps") {
  wasi::UdpSocket socket = static_cast<wasi::UdpSocket&&>(wasi::UdpSocket::create(Family::ipv4).value());
  REQUIRE(socket.start_bind(SocketAddress::any(Family::ipv4)).ok());
  REQUIRE(socket.finish_bind().ok());
  auto streams = socket.stream(nullptr);
  REQUIRE(streams.ok());
  CHECK_THAT(trapped([&] { (void)socket.stream(nullptr); }), ContainsSubstring("streams before are alive"));
}

TEST_CASE("fake host: a datagram without a permit traps") {
  wasi::UdpSocket socket = static_cast<wasi::UdpSocket&&>(wasi::UdpSocket::create(Family::ipv4).value());
  REQUIRE(socket.start_bind(SocketAddress::any(Family::ipv4)).ok());
  REQUIRE(socket.finish_bind().ok());
  auto streams = socket.stream(nullptr);
  const SocketAddress destination = SocketAddress::loopback(Family::ipv4, 9);
  const wasi::OutgoingDatagram datagram = {"x", 1, &destination};
  CHECK_THAT(trapped([&] { (void)streams.value().outgoing.send(&datagram, 1); }), ContainsSubstring("permit for 0"));
}

TEST_CASE("fake host: trap A: a stream stays ready until a read came back empty") {
  Ends ends = connect_raw();
  const wasi::Pollable pollable = ends.streams.input.subscribe();
  const wasi::Pollable timer = wasi::monotonic_clock::subscribe_duration(1000);
  const wasi::RawHandle list[] = {pollable.borrow(), timer.borrow()};
  uint32_t ready[2];
  ends.peer->sends("x");
  char byte;
  CHECK(ends.streams.input.read(&byte, 1).value == 1);
  REQUIRE(wasi::poll(list, 2, ready) == 1);
  CHECK(ready[0] == 0);
  CHECK(ends.streams.input.read(&byte, 1).value == 0);
  REQUIRE(wasi::poll(list, 2, ready) == 1);
  CHECK(ready[0] == 1);
}
