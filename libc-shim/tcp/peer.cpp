// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP: what is on its way between two sockets of the program. A kernel delivers it before the sender's call returns; a host
// notices some time later, and the longer the more the guest is busy. So the receiver knows what to wait for.
#include "tcp/peers.h"
#include "wait/settle.h"

namespace posix_sockets::tcp {

void Peers::tell(Connected& from, PeerEvent event, uint32_t size) {
  Connected& to = *from.peer.socket->connection();
  switch (event) {
    case PeerEvent::sent:
      to.peer.underway += size;
      to.socket.tell_input();
      return;
    case PeerEvent::took_all:
      to.peer.room_underway = true;
      return;
    case PeerEvent::left:
      from.peer.socket = to.peer.socket = nullptr;
      to.peer.is_deaf = true;
      to.fast.gathered.look_at_next();
      if (from.socket.send_shut_) return;
      break;
    case PeerEvent::sent_end:
      break;
  }
  ++to.peer.underway;
  to.socket.tell_change();
  to.peer.end_underway = true;
}

bool Connected::has_unread_of_peer() const {
  return peer.socket != nullptr && peer.underway > (peer.socket->send_shut_ ? 1u : 0u);
}

// Dropping a stream waits until the host has written what it was given. So the other end takes that in.
void Connected::let_output_go() {
  constexpr size_t most_at_once = 65536;
  SettlingTime time(Settling::unsent_output);
  while (has_unsent()) {
    if (peer.socket == nullptr) return;
    Connected* other = peer.socket->connection();
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
