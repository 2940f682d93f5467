// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A fake host of WASI 0.3 under the raw imports, as a test sees it: a virtual clock, peers, and what happens when. As strict as a
// component host: whatever would end the guest there is a Trap here. Its own work is done only while the guest yields or sleeps.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/address.h"
#include "wit-bindings/0.3/raw.h"

namespace fake3 {

using posix_sockets::Family;
using posix_sockets::SocketAddress;
using wasi3::ErrorCode;
using wasi3::RawHandle;

struct Trap : std::runtime_error {
  using std::runtime_error::runtime_error;
};
[[noreturn]] void trap(const std::string& why);

// What comes in on a stream.
struct Inbox {
  std::string data;
  bool finished = false;             // the end follows the data
  std::optional<ErrorCode> failure;  // with this as its cause
};

// A connection, seen from the peer's end.
struct Peer {
  void sends(const std::string& data) { in.data += data; }
  void ends() { in.finished = true; }
  void resets() {
    in.finished = true;
    in.failure = ErrorCode::connection_reset;
    broken = true;
  }
  // Takes so many bytes more from the guest, and no others.
  void takes(size_t size) { room = size; }

  Inbox in;
  std::string received;
  size_t room = SIZE_MAX;
  bool has_fin = false;
  bool broken = false;
  bool closed = false;  // the guest dropped its socket
  SocketAddress local;
  SocketAddress remote;
};
using PeerPointer = std::shared_ptr<Peer>;

struct Datagram {
  std::string data;
  SocketAddress address;
};
// A UDP socket of the guest's, seen from the network.
struct Datagrams {
  std::deque<Datagram> incoming;
  std::optional<ErrorCode> failure;  // the answer to something sent
  std::vector<Datagram> sent;
  bool has_room = true;
  SocketAddress local;
  std::optional<SocketAddress> remote;
};
using DatagramsPointer = std::shared_ptr<Datagrams>;

class World {
 public:
  uint64_t now = 1000;
  // Called while the guest sleeps, when the clock has come so far; or at its next turn.
  void at(uint64_t instant, std::function<void()> what) { later.emplace(instant, std::move(what)); }
  void in(uint64_t duration, std::function<void()> what) { at(now + duration, std::move(what)); }

  // How the next connects go: `turns` turns later, with this. None: refused.
  struct ConnectPlan {
    int turns = 0;
    std::optional<ErrorCode> failure;
    PeerPointer peer = std::make_shared<Peer>();
  };
  std::deque<ConnectPlan> connects;
  PeerPointer will_connect(int turns = 0) {
    connects.push_back({turns, {}, std::make_shared<Peer>()});
    return connects.back().peer;
  }
  // Connections on their way to the one listener.
  std::deque<PeerPointer> arriving;
  PeerPointer connects_in() {
    arriving.push_back(std::make_shared<Peer>());
    return arriving.back();
  }
  std::deque<DatagramsPointer> datagram_sockets;  // of the guest, in the order of their making
  std::optional<ErrorCode> next_create_fails;
  std::vector<SocketAddress> addresses;  // what a look-up finds
  std::optional<wasi3::LookupError> lookup_fails;
  int lookup_turns = 1;
  Inbox standard_input;

  int calls = 0;   // of imports
  int turns = 0;   // that the guest gave the host
  int sleeps = 0;  // in which it waited
  size_t handles() const;

  std::multimap<uint64_t, std::function<void()>> later;
};
World& world();
// A new one, for each test.
void begin();

}  // namespace fake3
