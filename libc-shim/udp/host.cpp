// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// UDP: what is to be found out of the host.
#include "description/read_buffer.h"
#include "udp/socket.h"
#include "wait/settle.h"

namespace posix_sockets {

bool UdpSocket::host_tells_truth() {
  static bool tried, truth;
  if (!tried) truth = try_host();
  tried = true;
  return truth;
}

// A socket of its own sends itself a datagram. What can't be tried out is believed.
bool UdpSocket::try_host() {
  wasi::Result<wasi::UdpSocket> host = wasi::UdpSocket::create(Family::ipv4);
  if (!host.ok()) return true;
  Half half;
  half.host = static_cast<wasi::UdpSocket&&>(host.value());
  if (!half.bind(SocketAddress::loopback(Family::ipv4, 0)).ok()) return true;
  const wasi::Result<SocketAddress> own = half.host.local_address();
  const wasi::Result<uint64_t> permit = half.outgoing.check_send();
  uint8_t* room = scratch(wasi::IncomingDatagramStream::receive_room);
  if (!own.ok() || !permit.ok() || permit.value() == 0 || room == nullptr) return true;
  const wasi::OutgoingDatagram datagram = {"", 0, &own.value()};
  if (!half.outgoing.send(&datagram, 1).ok()) return true;
  half.incoming_pollable = half.incoming.subscribe();
  const auto drop = [](void*, const uint8_t*, size_t, const SocketAddress&) {};
  SettlingTime time(Settling::own_datagram);
  for (;;) {
    if (!time.settle(half.incoming_pollable)) return true;
    const wasi::Result<size_t> received = half.incoming.receive(room, 1, drop, nullptr);
    if (!received.ok()) return true;
    if (received.value() != 0) break;
  }
  (void)half.incoming.receive(room, 1, drop, nullptr);
  return !settle(Settling::look, half.incoming_pollable);
}

}  // namespace posix_sockets
