// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The host interface over WASI 0.3, on a host that ends the test where a real one would end the guest.
#include <catch_amalgamated.hpp>

#include "wit-bindings/host.h"
#include "world.h"

using namespace posix_sockets;
using fake3::PeerPointer;
using fake3::world;

namespace {

constexpr uint64_t ms = 1000000;

bool wait(host::Source& source, uint64_t duration) {
  host::SourceId list[2] = {source.id()};
  uint32_t ready[2];
  return (duration == 0 ? host::look(list, 1, ready) : host::sleep(list, 1, host::now() + duration, ready)) == 1;
}

// Nothing is left behind by a test but the program's set.
struct Fresh {
  Fresh() {
    fake3::begin();
    let_alarm_ring();
    handles = world().handles();
  }
  ~Fresh() {
    let_alarm_ring();
    CHECK(world().handles() == handles);
  }
  static void let_alarm_ring() {
    host::Timer timer;
    timer.set(host::now() + 3600000 * ms);
    (void)wait(timer.source(), 2 * 3600000 * ms);
  }
  size_t handles;
};

host::Connection connect(PeerPointer& peer) {
  peer = world().will_connect();
  auto made = host::TcpSocket::create(Family::ipv4);
  REQUIRE(made.ok());
  auto connecting = made.value().connect(SocketAddress::loopback(Family::ipv4, 80));
  REQUIRE(connecting.ok());
  auto connection = connecting.value().finish();
  REQUIRE(connection.ok());
  return static_cast<host::Connection&&>(connection.value());
}

std::string read(host::Connection& connection, size_t size = 1000) {
  std::string text(size, 0);
  const host::StreamResult result = connection.read(text.data(), size);
  REQUIRE_FALSE(result.over);
  text.resize(result.count);
  return text;
}

}  // namespace

TEST_CASE("0.3: what has come is read at once, in any sizes") {
  Fresh fresh;
  PeerPointer peer;
  host::Connection connection = connect(peer);
  peer->sends("hello world");
  CHECK(read(connection, 5) == "hello");
  CHECK(read(connection) == " world");
  CHECK(read(connection).empty());
}

TEST_CASE("0.3: a wait leaves a short read under way, and more than it holds is read in one") {
  Fresh fresh;
  PeerPointer peer;
  host::Connection connection = connect(peer);
  CHECK_FALSE(wait(connection.readable(), 5 * ms));
  const std::string text(1000, 'x');
  world().in(ms, [&] { peer->sends(text); });
  CHECK(wait(connection.readable(), 5 * ms));
  CHECK(read(connection, 2000) == text);
  CHECK(read(connection).empty());
}

TEST_CASE("0.3: nothing is lost or turned around, whatever the sizes") {
  Fresh fresh;
  PeerPointer peer;
  host::Connection connection = connect(peer);
  std::string sent, got;
  for (size_t round = 0; round < 300; ++round) {
    std::string piece;
    for (size_t i = 0; i < round * 37 % 200; ++i) piece += static_cast<char>('a' + (sent.size() + i) % 26);
    peer->sends(piece);
    sent += piece;
    if (round % 3 == 0) (void)wait(connection.readable(), round % 2 == 0 ? 0 : ms);
    got += read(connection, 1 + round * 53 % 150);
  }
  for (std::string more; !(more = read(connection, 100)).empty();) got += more;
  CHECK(got == sent);
}

TEST_CASE("0.3: the end and a reset are told apart, behind the data") {
  Fresh fresh;
  for (const bool reset : {false, true}) {
    PeerPointer peer;
    host::Connection connection = connect(peer);
    peer->sends("last");
    if (reset) {
      peer->resets();
    } else {
      peer->ends();
    }
    CHECK(wait(connection.readable(), ms));
    CHECK(read(connection) == "last");
    CHECK(wait(connection.readable(), ms));
    char byte;
    const host::StreamResult result = connection.read(&byte, 1);
    CHECK(result.over);
    CHECK(result.error == (reset ? Errno(ECONNRESET) : success));
    CHECK(connection.read(&byte, 1).over);
  }
}

TEST_CASE("0.3: a full connection takes a little, then nothing, and tells of room") {
  Fresh fresh;
  PeerPointer peer;
  host::Connection connection = connect(peer);
  peer->takes(10);
  std::string all = "0123456789abcdefghijklmnopqrstuvwxyz";
  const host::StreamResult first = connection.write(all.data(), all.size());
  CHECK(first.count >= 10);
  CHECK(first.count < all.size());
  CHECK(connection.write("no", 2).count == 0);
  CHECK(connection.room().count == 0);
  CHECK_FALSE(wait(connection.writable(), ms));
  world().in(ms, [&] { peer->takes(SIZE_MAX); });
  CHECK(wait(connection.writable(), 5 * ms));
  CHECK(connection.write(all.data() + first.count, all.size() - first.count).count == all.size() - first.count);
  CHECK(peer->received == all);
}

TEST_CASE("0.3: the end of sending follows what is begun") {
  Fresh fresh;
  PeerPointer peer;
  host::Connection connection = connect(peer);
  peer->takes(3);
  const size_t count = connection.write("abcdef", 6).count;
  connection.end_sending();
  CHECK_FALSE(peer->has_fin);
  peer->takes(SIZE_MAX);
  CHECK(wait(connection.writable(), ms));
  CHECK(peer->has_fin);
  CHECK(peer->received == std::string("abcdef").substr(0, count));
  CHECK(connection.room().over);
}

TEST_CASE("0.3: a send into a reset connection says so") {
  Fresh fresh;
  PeerPointer peer;
  host::Connection connection = connect(peer);
  peer->resets();
  const host::StreamResult result = connection.write("x", 1);
  CHECK(result.over);
  CHECK(result.error == ECONNRESET);
}

TEST_CASE("0.3: a connection is dropped whatever is under way on it") {
  Fresh fresh;
  PeerPointer peer;
  for (int i = 0; i < 8; ++i) {
    host::Connection connection = connect(peer);
    if ((i & 1) != 0) CHECK_FALSE(wait(connection.readable(), 0));
    if ((i & 2) != 0) {
      peer->takes(1);
      (void)connection.write("abc", 3);
    }
    if ((i & 4) != 0) {
      peer->ends();
      char byte;
      (void)connection.read(&byte, 1);
    }
    host::Connection moved = static_cast<host::Connection&&>(connection);
    moved = host::Connection();
    CHECK(peer->closed);
  }
}

TEST_CASE("0.3: a connect that takes time, one that fails, one that is given up") {
  Fresh fresh;
  SECTION("time") {
    (void)world().will_connect(3);
    auto made = host::TcpSocket::create(Family::ipv4);
    auto connecting = made.value().connect(SocketAddress::loopback(Family::ipv4, 80));
    CHECK(connecting.value().finish().error() == EAGAIN);
    CHECK(wait(connecting.value().finished(), ms));
    CHECK(connecting.value().finish().ok());
  }
  SECTION("failure") {
    world().connects.push_back({2, fake3::ErrorCode::remote_unreachable, {}});
    auto made = host::TcpSocket::create(Family::ipv4);
    auto connecting = made.value().connect(SocketAddress::loopback(Family::ipv4, 80));
    CHECK(wait(connecting.value().finished(), ms));
    CHECK(connecting.value().finish().error() == EHOSTUNREACH);
    CHECK(connecting.value().finish().error() == EHOSTUNREACH);
  }
  SECTION("given up") {
    (void)world().will_connect(100);
    auto made = host::TcpSocket::create(Family::ipv4);
    auto connecting = made.value().connect(SocketAddress::loopback(Family::ipv4, 80));
    CHECK_FALSE(wait(connecting.value().finished(), 0));
  }
  SECTION("refused at once") {
    auto made = host::TcpSocket::create(Family::ipv4);
    auto connecting = made.value().connect(SocketAddress::loopback(Family::ipv4, 80));
    CHECK(connecting.value().finish().error() == ECONNREFUSED);
  }
}

TEST_CASE("0.3: a listener hands out connections one by one, and may go while one is waited for") {
  Fresh fresh;
  auto made = host::TcpSocket::create(Family::ipv4);
  REQUIRE(made.value().bind(SocketAddress::loopback(Family::ipv4, 0)).ok());
  auto listener = made.value().listen(4);
  REQUIRE(listener.ok());
  CHECK(listener.value().accept().error() == EAGAIN);
  CHECK_FALSE(wait(listener.value().acceptable(), ms));
  const PeerPointer one = world().connects_in(), two = world().connects_in();
  CHECK(wait(listener.value().acceptable(), ms));
  for (const PeerPointer& peer : {one, two}) {
    auto connection = listener.value().accept();
    REQUIRE(connection.ok());
    peer->sends("hi");
    CHECK(read(connection.value()) == "hi");
    CHECK(connection.value().remote_address().value() == peer->remote);
  }
  CHECK(listener.value().accept().error() == EAGAIN);
  (void)world().connects_in();
  CHECK(wait(listener.value().acceptable(), ms));  // and nobody takes it
}

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
    *static_cast<std::string*>(context) += std::string(reinterpret_cast<const char*>(data), size) + ":" + std::to_string(source.port) + " ";
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
