// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// UDP: sending several datagrams by one call of the host's. What is out of the ordinary is left to send(), one by one.
#include <sys/socket.h>

#include "description/read_buffer.h"
#include "udp/socket.h"

namespace posix_sockets {

// The datagrams at the beginning of the list that can go together: all by one endpoint, none that send() would refuse.
struct UdpSocket::Batch {
  host::OutgoingDatagram datagrams[host::DatagramSocket::most_at_once];
  SocketAddress addresses[host::DatagramSocket::most_at_once];
  size_t count = 0;
  Endpoint* endpoint = nullptr;
  size_t scratch_used = 0;
};

bool UdpSocket::add_to(Batch& batch, const SendRequest& request) {
  Endpoint* endpoint = peer_.endpoint;
  SocketAddress& address = batch.addresses[batch.count];
  if (request.destination != nullptr) {
    if (is_connected() || request.destination->port == 0 || request.destination->is_ipv4_broadcast()) return false;
    address = *request.destination;
    const Result<Endpoint*> found = endpoint_for(address);
    if (!found.ok()) return false;
    endpoint = found.value();
    address = as_destination(address, binding_.address);
  }
  if (endpoint == nullptr || !endpoint->is_open()) return false;
  if (request.destination == nullptr && peer_.address.port == 0) return false;
  if (batch.endpoint != nullptr && endpoint != batch.endpoint) return false;
  if (request.size > host::max_datagram_size || request.buffers.vector == nullptr) return false;
  iovec piece = first_piece(request.buffers);
  if (piece.iov_len < request.size) {
    constexpr size_t room = host::DatagramSocket::receive_room;
    uint8_t* memory = scratch(room);
    if (memory == nullptr || request.size > room - batch.scratch_used) return false;
    memory += batch.scratch_used;
    batch.scratch_used += gather(request.buffers, memory, request.size);
    piece.iov_base = memory;
  }
  batch.endpoint = endpoint;
  batch.datagrams[batch.count++] = {piece.iov_base, request.size, request.destination != nullptr ? &address : nullptr};
  return true;
}

SentList UdpSocket::send_list(const SendRequest* requests, size_t count) {
  if (cork_ || (shut_ & shutdown_send) != 0 || !pending_error_.ok()) return {};
  if (!is_connected() && requests[0].destination == nullptr) return {};
  if (!ensure_bound().ok()) return {};
  Batch batch;
  while (batch.count < count && batch.count < host::DatagramSocket::most_at_once &&
         add_to(batch, requests[batch.count])) {
  }
  if (batch.count < 2 || !writable(*batch.endpoint).ok()) return {};
  const Result<size_t> sent = batch.endpoint->send(batch.datagrams, batch.count);
  if (!sent.ok()) {
    if (!(sent.error() == EAGAIN)) pending_error_ = sent.error();
    return {};
  }
  for (size_t i = 0; i < sent.value(); ++i) tell_receiver(batch.datagrams[i].address);
  const bool stopped = sent.value() < batch.count && !writable(*batch.endpoint).ok();
  return {sent.value(), stopped};
}

}  // namespace posix_sockets
