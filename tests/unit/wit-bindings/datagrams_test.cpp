// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The host interface over WASI 0.2: datagrams.
#include "scene.h"
#include "wit-bindings/host.h"

namespace wps = posix_sockets;
using posix_sockets::Errno;
using posix_sockets::Family;
using posix_sockets::SocketAddress;
using posix_sockets::success;

namespace {

const SocketAddress peer_address = SocketAddress::loopback(Family::ipv4, 80);

wps::host::DatagramSocket datagram_socket(uint16_t port) {
  auto made = wps::host::DatagramSocket::create(Family::ipv4);
  REQUIRE(made.ok());
  REQUIRE(made.value().bind(SocketAddress::loopback(Family::ipv4, port)).ok());
  CHECK_FALSE(made.value().is_open());
  REQUIRE(made.value().connect(nullptr).ok());
  CHECK(made.value().is_open());
  return static_cast<wps::host::DatagramSocket&&>(made.value());
}

}  // namespace

TEST_CASE("host: datagrams ask for their permit once, and say what there is none for") {
  Scene scene;
  wps::host::DatagramSocket socket = datagram_socket(5300);
  const UdpSide side = host().udp(5300);
  const wps::host::OutgoingDatagram list[] = {{"a", 1, &peer_address}, {"bc", 2, &peer_address}};
  host().forget_calls();
  CHECK(socket.room() == success);
  CHECK(socket.send(list, 2).value() == 2);
  CHECK(host().calls_of("outgoing-datagram-stream.check-send") == 1);
  side->permits = {1, 0, 0};
  CHECK(socket.send(list, 2).value() == 1);
  CHECK(socket.send(list, 2).error() == EAGAIN);
  REQUIRE(side->sent.size() == 3);
  CHECK(side->sent[1].data == "bc");

  static std::string room(wps::host::DatagramSocket::receive_room, 0);
  std::string data;
  const auto take = [](void* context, const uint8_t* bytes, size_t size, const SocketAddress&) {
    static_cast<std::string*>(context)->append(reinterpret_cast<const char*>(bytes), size);
  };
  CHECK(socket.receive(room.data(), 1, take, &data).error() == EAGAIN);
  side->arrives("hello", peer_address);
  CHECK(socket.receive(room.data(), 1, take, &data).value() == 1);
  CHECK(data == "hello");
  side->fails(ErrorCode::connection_refused);
  CHECK(socket.receive(room.data(), 1, take, &data).error() == ECONNREFUSED);
}

TEST_CASE("host: a host that refuses to send until its pollable is looked at is looked at") {
  Scene scene;
  wps::host::DatagramSocket socket = datagram_socket(5303);
  const wps::host::OutgoingDatagram datagram = {"x", 1, &peer_address};
  host().udp(5303)->permits = {0};
  CHECK(socket.send(&datagram, 1).value() == 1);
  host().udp(5303)->writable = false;
  host().forget_calls();
  CHECK(socket.room() == EAGAIN);
  CHECK(host().calls_of("outgoing-datagram-stream.check-send") == 1);
}

namespace {

// As the library asks: a plain receive, and a closer look if there is nothing. What it says, or the data.
std::string looked_closer(wps::host::DatagramSocket& socket) {
  static std::string room(wps::host::DatagramSocket::receive_room, 0);
  std::string data;
  const auto take = [](void* context, const uint8_t* bytes, size_t size, const SocketAddress&) {
    static_cast<std::string*>(context)->append(reinterpret_cast<const char*>(bytes), size);
  };
  wps::Result<size_t> received = socket.receive(room.data(), 1, take, &data);
  if (received.error() == EAGAIN) received = socket.look_closer(room.data(), take, &data);
  if (received.ok()) return data;
  return received.error() == EAGAIN ? "nothing" : received.error() == ECONNREFUSED ? "refused" : "error";
}

}  // namespace

TEST_CASE("host: a refusal that only the pollable shows is told once, and the send that tells it again goes out") {
  Scene scene;
  wps::host::DatagramSocket socket = datagram_socket(5304);
  REQUIRE(socket.connect(&peer_address) == success);
  const wps::host::OutgoingDatagram datagram = {"x", 1, nullptr};
  const UdpSide side = host().udp(5304);
  CHECK(looked_closer(socket) == "nothing");
  side->readable = side->lies = true;
  CHECK(looked_closer(socket) == "refused");
  CHECK(looked_closer(socket) == "nothing");
  side->arrives("still heard", peer_address);
  CHECK(looked_closer(socket) == "still heard");
  host().fails("outgoing-datagram-stream.send", ErrorCode::connection_refused);
  CHECK(socket.send(&datagram, 1).value() == 1);
  CHECK(looked_closer(socket) == "refused");  // a new one
}

TEST_CASE("host: what a send has told as refused the pollable doesn't tell again, until another one goes out") {
  Scene scene;
  wps::host::DatagramSocket socket = datagram_socket(5305);
  REQUIRE(socket.connect(&peer_address) == success);
  const wps::host::OutgoingDatagram datagram = {"x", 1, nullptr};
  const UdpSide side = host().udp(5305);
  host().fails("outgoing-datagram-stream.send", ErrorCode::connection_refused);
  CHECK(socket.send(&datagram, 1).error() == ECONNREFUSED);
  side->readable = side->lies = true;
  CHECK(looked_closer(socket) == "nothing");
  CHECK(socket.send(&datagram, 1).value() == 1);
  CHECK(looked_closer(socket) == "refused");
}

TEST_CASE("host: a socket whose pollable shows nothing has an instant in its place, the same until that is over") {
  Scene scene;
  wps::host::DatagramSocket socket = datagram_socket(5306);
  REQUIRE(socket.connect(&peer_address) == success);
  host().udp(5306)->readable = host().udp(5306)->lies = true;
  const wps::host::SourceId plain = socket.readable().id();
  CHECK(looked_closer(socket) == "refused");
  const wps::host::SourceId instant = socket.readable().id();
  CHECK(instant != plain);
  CHECK(socket.readable().id() == instant);
  host().clock += 2 * fake::ms;
  CHECK(socket.readable().id() != instant);
}

TEST_CASE("host: a datagram socket that couldn't be connected isn't open until it could") {
  Scene scene;
  wps::host::DatagramSocket socket = datagram_socket(5301);
  (void)socket.readable();
  (void)socket.writable();
  host().fails("udp-socket.stream", ErrorCode::remote_unreachable);
  CHECK(socket.connect(&peer_address) == ENETUNREACH);
  CHECK_FALSE(socket.is_open());
  CHECK(socket.connect(&peer_address) == success);
  CHECK(socket.is_open());
}

TEST_CASE("host: options of datagram sockets, and those that they have not") {
  Scene scene;
  wps::host::DatagramSocket datagrams = datagram_socket(5302);
  CHECK(datagrams.set_option(wps::host::Option::hop_limit, 9) == success);
  CHECK(datagrams.option(wps::host::Option::hop_limit).value() == 9);
  CHECK(datagrams.set_option(wps::host::Option::keep_alive, 1) == ENOPROTOOPT);
  CHECK(datagrams.option(wps::host::Option::keep_alive).error() == ENOPROTOOPT);
}
