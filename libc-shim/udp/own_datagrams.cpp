// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// UDP: what one socket of the program sends to another.
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

bool UdpSocket::receives_from(UdpSocket& sender, const SocketAddress& destination) {
  if (port_number() != destination.port || !covers(binding_.address, destination)) return false;
  const SocketAddress& peer = peer_.address;
  if (is_connected() && (peer.port != sender.port_number() || !covers(sender.binding_.address, peer))) return false;
  return family() == destination.family || (destination.family == Family::ipv4 && !options.v6_only);
}

// `destination`: null, the peer. It need not arrive: the receiver may take it from others only, or have no room.
void UdpSocket::tell_receiver(const SocketAddress* destination) {
  SocketAddress to = destination != nullptr ? *destination : peer_.address;
  if (to.is_ipv4_mapped()) to = to_family(to, Family::ipv4);
  if (!to.is_loopback()) return;
  for (UdpSocket* socket = first; socket != nullptr; socket = socket->next_) {
    if (!socket->receives_from(*this, to)) continue;
    socket->binding_.expected.add();
    socket->changed();
  }
}

// Whether something of it has come.
bool UdpSocket::await_expected() {
  const Source* sources[2];
  size_t count = 0;
  Endpoint* const endpoints[] = {&main_, &binding_.ipv4};
  for (Endpoint* endpoint : endpoints)
    if (endpoint->is_open()) sources[count++] = &endpoint->socket().readable();
  return count != 0 && settle_arrival(sources, count, binding_.expected.count());
}

}  // namespace posix_sockets
