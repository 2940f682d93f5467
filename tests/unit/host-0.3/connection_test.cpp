// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Connections and listeners over WASI 0.3, on a host that ends the test where a real one would end the guest.
#include "scene.h"

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
