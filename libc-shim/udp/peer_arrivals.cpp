// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// UDP: what is on its way from one socket of the program to another. A kernel delivers it before the sender's call returns; a
// host notices some time later. So the receiver knows what to wait for.
#include "udp/socket.h"
#include "wait/settle.h"

namespace posix_sockets {
namespace {

UdpSocket* first;

// Whether `bound` stands for the address of `other`, as the wildcard does for all. Ports don't count.
bool covers(const SocketAddress& bound, const SocketAddress& other) {
  if (bound.is_unspecified()) return true;
  SocketAddress one = bound.is_ipv4_mapped() ? to_family(bound, Family::ipv4) : bound;
  const SocketAddress another = other.is_ipv4_mapped() ? to_family(other, Family::ipv4) : other;
  if (one.family == Family::ipv4 && one.is_unspecified()) return true;
  one.port = another.port;
  return one == another;
}

}  // namespace

void UdpSocket::enter_list() {
  next_ = first;
  link_ = &first;
  if (first != nullptr) first->link_ = &next_;
  first = this;
}

void UdpSocket::leave_list() {
  *link_ = next_;
  if (next_ != nullptr) next_->link_ = link_;
}

uint16_t UdpSocket::local_port() {
  if (local_port_ == 0 && bound_) {
    const wasi::Result<SocketAddress> local =
        (connected_half_ != nullptr ? *connected_half_ : main_).host.local_address();
    if (local.ok()) local_port_ = local.value().port;
  }
  return local_port_;
}

// `destination`: null, the peer. It need not arrive: the receiver may take it from others only, or have no room.
void UdpSocket::tell_receiver(const SocketAddress* destination) {
  SocketAddress to = destination != nullptr ? *destination : remote_;
  if (to.is_ipv4_mapped()) to = to_family(to, Family::ipv4);
  if (!to.is_loopback()) return;
  for (UdpSocket* socket = first; socket != nullptr; socket = socket->next_) {
    if (socket->local_port() != to.port || !covers(socket->bind_address_, to)) continue;
    if (socket->connected_ && (socket->remote_.port != local_port() || !covers(bind_address_, socket->remote_)))
      continue;
    const bool takes = socket->family() == to.family || (to.family == Family::ipv4 && !socket->options.v6_only);
    if (takes) ++socket->underway_;
  }
}

// Whether something of it has come.
bool UdpSocket::await_underway() {
  const Source* sources[2];
  size_t count = 0;
  Half* const halves[] = {&main_, &companion_};
  for (Half* half : halves) {
    if (!half->incoming) continue;
    if (!half->incoming_pollable) half->incoming_pollable = half->incoming.subscribe();
    sources[count++] = &half->incoming_pollable;
  }
  return count != 0 && settle_arrival(sources, count, underway_);
}

}  // namespace posix_sockets
