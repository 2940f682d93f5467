// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the tests of the host interface over WASI 0.3 share.
#pragma once

#include <catch_amalgamated.hpp>

#include "wit-bindings/host.h"
#include "world.h"

using namespace posix_sockets;
using fake3::PeerPointer;
using fake3::world;

constexpr uint64_t ms = 1000000;

inline bool wait(host::Source& source, uint64_t duration) {
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

inline host::Connection connect(PeerPointer& peer) {
  peer = world().will_connect();
  auto made = host::TcpSocket::create(Family::ipv4);
  REQUIRE(made.ok());
  auto connecting = made.value().connect(SocketAddress::loopback(Family::ipv4, 80));
  REQUIRE(connecting.ok());
  auto connection = connecting.value().finish();
  REQUIRE(connection.ok());
  return static_cast<host::Connection&&>(connection.value());
}

inline std::string read(host::Connection& connection, size_t size = 1000) {
  std::string text(size, 0);
  const host::StreamResult result = connection.read(text.data(), size);
  REQUIRE_FALSE(result.over);
  text.resize(result.count);
  return text;
}
