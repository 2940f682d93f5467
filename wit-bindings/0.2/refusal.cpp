// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "wit-bindings/0.2/refusal.h"

#include <stdlib.h>

#include "wit-bindings/0.2/io.h"
#include "wit-bindings/host.h"

namespace posix_sockets::host {
namespace {

enum class Pollables : uint8_t { unknown, true_to_input, stay_ready };
Pollables pollables;

// A socket of its own sends itself a datagram, and looks whether the pollable is still ready when that is taken. This is the only call
// that waits, once in a program's life, and for this long at the most: the datagram is there, the host needs a moment to notice. What
// can't be tried out is believed.
Pollables try_out() {
  constexpr uint64_t longest_ns = 20000000;
  Result<DatagramSocket> created = DatagramSocket::create(Family::ipv4);
  if (!created.ok()) return Pollables::true_to_input;
  DatagramSocket& socket = created.value();
  if (!socket.bind(SocketAddress::loopback(Family::ipv4, 0)).ok() || !socket.connect(nullptr).ok())
    return Pollables::true_to_input;
  const Result<SocketAddress> own = socket.local_address();
  void* room = malloc(DatagramSocket::receive_room);
  if (!own.ok() || room == nullptr) return Pollables::true_to_input;
  const OutgoingDatagram datagram = {"", 0, &own.value()};
  const auto drop = [](void*, const uint8_t*, size_t, const SocketAddress&) {};
  bool arrived = false;
  if (socket.send(&datagram, 1).ok()) {
    Timer timer;
    timer.set(now() + longest_ns);
    const wasi::RawHandle both[] = {socket.readable().id(), timer.source().id()};
    uint32_t ready[2];
    while (!arrived && wasi::poll(both, 2, ready) != 0 && ready[0] == 0)
      arrived = socket.receive(room, 1, drop, nullptr).ok();
  }
  const bool empty = arrived && socket.receive(room, 1, drop, nullptr).error() == EAGAIN;
  free(room);
  return empty && wasi::is_ready(socket.readable().id()) ? Pollables::stay_ready : Pollables::true_to_input;
}

}  // namespace

namespace parts {

bool Refusal::sent(bool refused) {
  if (refused && state_ == State::guessed) {
    state_ = State::none;
    return true;
  }
  if (refused) {
    // What is shown beside it is the same one.
    state_ = hides_input() ? State::sent_and_shown : State::sent;
  } else if (state_ == State::sent || state_ == State::sent_and_shown) {
    state_ = State::none;
  }
  return false;
}

bool Refusal::shown(bool connected) {
  if (pollables == Pollables::unknown) pollables = try_out();
  if (pollables == Pollables::true_to_input && !connected) return false;
  if (state_ == State::sent) {
    state_ = State::sent_and_shown;
    return false;
  }
  state_ = pollables == Pollables::true_to_input ? State::guessed : State::never_empty;
  return state_ == State::guessed;
}

bool Refusal::may_be_shown(bool connected) const {
  return !hides_input() && (connected || pollables != Pollables::true_to_input);
}

}  // namespace parts
}  // namespace posix_sockets::host
