// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// wasi:sockets/udp and udp-create-socket.
#pragma once

#include "wit-bindings/0.2/drops.h"
#include "wit-bindings/0.2/io.h"
#include "wit-bindings/0.2/network.h"

namespace wasi {

constexpr size_t max_datagram_size = 65535;

// Takes one received datagram; the data is the host's answer, gone after the call.
using TakeDatagram = void (*)(void* context, const uint8_t* data, size_t size, const SocketAddress& source);

// resource incoming-datagram-stream.
class IncomingDatagramStream : public Handle<raw::wps_incoming_datagram_stream_drop> {
 public:
  using Handle::Handle;
  // receive: at most `most` datagrams, each given to `take`; their number, 0 if there is none now. The host answers into
  // `buffer` of receive_room bytes, which is enough for one datagram of any size.
  static constexpr size_t receive_room = max_datagram_size + 256;
  Result<size_t> receive(void* buffer, uint64_t most, TakeDatagram take, void* context);
  Pollable subscribe() const;
};

// A datagram to send; without an address, on a connected stream, it goes to the peer.
struct OutgoingDatagram {
  const void* data;
  size_t size;
  const SocketAddress* address;
};

// resource outgoing-datagram-stream.
class OutgoingDatagramStream : public Handle<raw::wps_outgoing_datagram_stream_drop> {
 public:
  using Handle::Handle;
  // check-send: how many datagrams the next send may carry; 0: not now.
  Result<uint64_t> check_send();
  // send: at most most_at_once datagrams, as many as a check_send just before has permitted. How many were taken; 0:
  // nothing can be sent now. A datagram that fails behind others that were taken fails again when it is sent first.
  static constexpr size_t most_at_once = 16;
  Result<size_t> send(const OutgoingDatagram* list, size_t count);
  Pollable subscribe() const;
};

struct DatagramStreams {
  IncomingDatagramStream incoming;
  OutgoingDatagramStream outgoing;
};

// resource udp-socket. Its streams must be dropped before it, and before a further stream().
class UdpSocket : public Handle<raw::wps_udp_socket_drop> {
 public:
  using Handle::Handle;

  static Result<UdpSocket> create(Family family);

  Result<Unit> start_bind(const SocketAddress& address);
  Result<Unit> finish_bind();
  // stream: connected to `remote`, or to nobody if it is null. The socket must be bound.
  Result<DatagramStreams> stream(const SocketAddress* remote);
  Result<SocketAddress> local_address() const;

  Result<uint8_t> unicast_hop_limit() const;
  Result<Unit> set_unicast_hop_limit(uint8_t value);
  Result<uint64_t> receive_buffer_size() const;
  Result<Unit> set_receive_buffer_size(uint64_t value);
  Result<uint64_t> send_buffer_size() const;
  Result<Unit> set_send_buffer_size(uint64_t value);
};

}  // namespace wasi
