// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Datagrams, look-ups, timers and options over WASI 0.3, on a host that ends the test where a real one would end the guest.
#include "scene.h"

TEST_CASE("0.3: datagrams come one by one with their senders, and an answer comes as an error") {
  Fresh fresh;
  auto made = host::DatagramSocket::create(Family::ipv4);
  host::DatagramSocket& socket = made.value();
  REQUIRE(socket.bind(SocketAddress::loopback(Family::ipv4, 0)).ok());
  CHECK_FALSE(socket.is_open());
  REQUIRE(socket.connect(nullptr).ok());
  CHECK(socket.is_open());
  const auto side = world().datagram_sockets.back();
  std::string got;
  const auto take = [](void* context, const uint8_t* data, size_t size, const SocketAddress& source) {
    *static_cast<std::string*>(context) +=
        std::string(reinterpret_cast<const char*>(data), size) + ":" + std::to_string(source.port) + " ";
  };
  CHECK(socket.receive(nullptr, 4, take, &got).error() == EAGAIN);
  CHECK_FALSE(wait(socket.readable(), ms));
  side->incoming.push_back({"one", SocketAddress::loopback(Family::ipv4, 1)});
  side->incoming.push_back({"", SocketAddress::loopback(Family::ipv4, 2)});
  side->incoming.push_back({"three", SocketAddress::loopback(Family::ipv4, 3)});
  CHECK(wait(socket.readable(), ms));
  CHECK(socket.receive(nullptr, 2, take, &got).value() == 2);
  CHECK(socket.receive(nullptr, 2, take, &got).value() == 1);
  CHECK(got == "one:1 :2 three:3 ");
  side->failure = fake3::ErrorCode::connection_refused;
  CHECK(wait(socket.readable(), ms));
  CHECK(socket.receive(nullptr, 2, take, &got).error() == ECONNREFUSED);
}

TEST_CASE("0.3: a datagram that the host has no room for is sent later, and no other before it") {
  Fresh fresh;
  auto made = host::DatagramSocket::create(Family::ipv4);
  host::DatagramSocket& socket = made.value();
  REQUIRE(socket.bind(SocketAddress::loopback(Family::ipv4, 0)).ok());
  const SocketAddress to = SocketAddress::loopback(Family::ipv4, 9);
  REQUIRE(socket.connect(&to).ok());
  const auto side = world().datagram_sockets.back();
  side->has_room = false;
  const host::OutgoingDatagram list[] = {{"one", 3, nullptr}, {"two", 3, nullptr}};
  CHECK(socket.send(list, 2).value() == 1);
  CHECK(socket.send(list + 1, 1).error() == EAGAIN);
  CHECK(socket.room() == EAGAIN);
  CHECK_FALSE(wait(socket.writable(), ms));
  side->has_room = true;
  CHECK(wait(socket.writable(), ms));
  CHECK(socket.send(list + 1, 1).value() == 1);
  REQUIRE(side->sent.size() == 2);
  CHECK(side->sent[0].data + side->sent[1].data == "onetwo");
}

TEST_CASE("0.3: look-ups find, fail and are given up") {
  Fresh fresh;
  world().addresses = {SocketAddress::loopback(Family::ipv4, 0), SocketAddress::loopback(Family::ipv6, 0)};
  SECTION("found") {
    host::Lookup lookup;
    SocketAddress address;
    REQUIRE(lookup.start("x", 1) == host::Lookup::Status::pending);
    CHECK(wait(lookup.answered(), ms));
    CHECK(lookup.next(address) == host::Lookup::Status::found);
    CHECK(address == SocketAddress::loopback(Family::ipv4, 0));
    CHECK(lookup.next(address) == host::Lookup::Status::found);
    CHECK(address == SocketAddress::loopback(Family::ipv6, 0));
    CHECK(lookup.next(address) == host::Lookup::Status::finished);
  }
  SECTION("failed") {
    world().lookup_fails = wasi3::LookupError::temporary_resolver_failure;
    host::Lookup lookup;
    SocketAddress address;
    REQUIRE(lookup.start("x", 1) == host::Lookup::Status::pending);
    CHECK(wait(lookup.answered(), ms));
    CHECK(lookup.next(address) == host::Lookup::Status::try_again);
  }
  SECTION("given up") {
    world().lookup_turns = 100;
    host::Lookup lookup;
    REQUIRE(lookup.start("x", 1) == host::Lookup::Status::pending);
  }
}

TEST_CASE("0.3: timers ring in their order, and waits end by their deadline") {
  Fresh fresh;
  host::Timer early, late;
  early.set(host::now() + 2 * ms);
  late.set(host::now() + 5 * ms);
  host::SourceId list[3] = {late.source().id(), early.source().id()};
  uint32_t ready[3];
  const uint64_t begun = host::now();
  CHECK(host::sleep(list, 2, begun + ms, ready) == 0);
  CHECK(host::now() == begun + ms);
  REQUIRE(host::sleep(list, 2, UINT64_MAX, ready) == 1);
  CHECK(ready[0] == 1);
  CHECK(host::now() == begun + 2 * ms);
  early.clear();
  REQUIRE(host::sleep(list, 1, UINT64_MAX, ready) == 1);
  CHECK(host::now() == begun + 5 * ms);
}

TEST_CASE("0.3: who always finds something gives the host a turn now and then") {
  Fresh fresh;
  PeerPointer busy, other;
  host::Connection one = connect(busy), two = connect(other);
  busy->sends("always there");
  host::SourceId list[3] = {one.readable().id(), two.readable().id()};
  uint32_t ready[3];
  CHECK(host::sleep(list, 2, UINT64_MAX, ready) == 1);
  other->sends("x");
  size_t found = 0;
  for (int i = 0; i < 16 && found != 2; ++i) found = host::sleep(list, 2, UINT64_MAX, ready);
  CHECK(found == 2);
}

TEST_CASE("0.3: a host without sockets left says EMFILE, one without the family EAFNOSUPPORT") {
  Fresh fresh;
  world().next_create_fails = fake3::ErrorCode::other;
  CHECK(host::TcpSocket::create(Family::ipv4).error() == EMFILE);
  world().next_create_fails = fake3::ErrorCode::not_supported;
  CHECK(host::DatagramSocket::create(Family::ipv6).error() == EAFNOSUPPORT);
}

TEST_CASE("0.3: options are read and set in every state") {
  Fresh fresh;
  PeerPointer peer;
  host::Connection connection = connect(peer);
  CHECK(connection.option(host::Option::hop_limit).value() == 64);
  CHECK(connection.set_option(host::Option::hop_limit, 7).ok());
  CHECK(connection.option(host::Option::hop_limit).value() == 7);
  CHECK(connection.set_option(host::Option::keep_alive_count, 0) == EINVAL);
}

TEST_CASE("0.3: the fake host traps on what ends a guest") {
  Fresh fresh;
  PeerPointer peer;
  host::Connection connection = connect(peer);
  CHECK_THROWS_AS(wasi3::wps3_join(0, 0), fake3::Trap);
  CHECK_THROWS_AS(wasi3::wps3_input_drop(9999), fake3::Trap);
  CHECK_FALSE(wait(connection.readable(), 0));  // a read is under way now
  for (auto call : {+[](wasi3::RawHandle stream) { wasi3::wps3_input_drop(stream); },
                    +[](wasi3::RawHandle stream) { (void)wasi3::wps3_input_cancel(stream); }}) {
    int trapped = 0;
    for (wasi3::RawHandle handle = 1; handle < 500; ++handle) {
      try {
        if (trapped != 0) break;
        call(handle);
      } catch (const fake3::Trap& trap) {
        const std::string why = trap.what();
        trapped += why.find("busy") != std::string::npos || why.find("added to a waitable set") != std::string::npos;
      }
    }
    CHECK(trapped == 1);
  }
}
