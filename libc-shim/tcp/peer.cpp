// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP: what is on its way between two sockets of the program. A kernel delivers it before the sender's call returns; a host
// notices some time later, and the longer the more the guest is busy. So the receiver knows what to wait for.
#include "tcp/peers.h"
#include "wait/settle.h"

namespace posix_sockets::tcp {

Connected* Connected::peer_connection() const { return peer.socket != nullptr ? peer.socket->connection() : nullptr; }

bool Connected::has_unread_of_peer() const {
  return peer.socket != nullptr && peer.underway > (peer.socket->send_shut_ ? 1u : 0u);
}

void Connected::expect_end() {
  ++peer.underway;
  ++socket.edges;
  peer.end_underway = true;
}

void Connected::arrive_at_peer(uint32_t size) {
  Connected* other = peer_connection();
  if (other == nullptr) return;
  other->peer.underway += size;
  ++other->socket.input_edges;
}

void Connected::peer_has_room() {
  if (Connected* other = peer_connection()) other->peer.room_underway = true;
}

void Connected::end_arrives_at_peer() {
  if (Connected* other = peer_connection()) other->expect_end();
}

// The connection is given up, which ends what the other end receives.
void Connected::part() {
  Connected* other = peer_connection();
  peer.socket = nullptr;
  if (other == nullptr) return;
  if (!socket.send_shut_) other->expect_end();
  other->peer.is_deaf = true;
  other->fast.gathered.look_at_next();
  other->peer.socket = nullptr;
}

// Dropping a stream waits until the host has written what it was given. So the other end takes that in.
void Connected::let_output_go() {
  constexpr size_t most_at_once = 65536;
  SettlingTime time(Settling::unsent_output);
  while (has_unsent()) {
    Connected* other = peer_connection();
    if (other == nullptr) return;
    if (other->fill(most_at_once).ok()) continue;
    const host::Source* const sources[] = {&host.writable(), &other->host.readable()};
    if (!time.settle(sources, other->input.is_open() ? 2 : 1)) return;
  }
}

// Whether something of what is underway has come, or the end has.
bool Connected::await_arrival() {
  const host::Source* const sources[] = {&host.readable()};
  return settle_arrival(sources, 1, peer.underway);
}

}  // namespace posix_sockets::tcp
