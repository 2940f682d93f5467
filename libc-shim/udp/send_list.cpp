// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// UDP: sending several datagrams by one call of the host's. What is out of the ordinary is left to send(), one by one.
#include <sys/socket.h>

#include "description/read_buffer.h"
#include "support/errno_of.h"
#include "udp/socket.h"

namespace posix_sockets {

// The datagrams at the beginning of the list that can go together: all by one half, none that send() would refuse.
struct UdpSocket::Batch {
  wasi::OutgoingDatagram datagrams[wasi::OutgoingDatagramStream::most_at_once];
  SocketAddress addresses[wasi::OutgoingDatagramStream::most_at_once];
  size_t count = 0;
  Half* half = nullptr;
  size_t scratch_used = 0;
};

bool UdpSocket::add_to(Batch& batch, const SendRequest& request) {
  Half* half = connected_half_;
  SocketAddress& address = batch.addresses[batch.count];
  if (request.destination != nullptr) {
    if (connected_ || request.destination->port == 0 || request.destination->is_ipv4_broadcast()) return false;
    address = *request.destination;
    const Result<Half*> found = half_for(address);
    if (!found.ok()) return false;
    half = found.value();
    address = as_destination(address, bind_address_);
  }
  if (half == nullptr || !half->outgoing || (batch.half != nullptr && half != batch.half)) return false;
  if (request.size > wasi::max_datagram_size || request.buffers.vector == nullptr) return false;
  iovec piece = first_piece(request.buffers);
  if (piece.iov_len < request.size) {
    constexpr size_t room = wasi::IncomingDatagramStream::receive_room;
    uint8_t* memory = scratch(room);
    if (memory == nullptr || request.size > room - batch.scratch_used) return false;
    memory += batch.scratch_used;
    batch.scratch_used += gather(request.buffers, memory, request.size);
    piece.iov_base = memory;
  }
  batch.half = half;
  batch.datagrams[batch.count++] = {piece.iov_base, request.size, request.destination != nullptr ? &address : nullptr};
  return true;
}

SentList UdpSocket::send_list(const SendRequest* requests, size_t count) {
  if (held_ != nullptr || send_shut_ || !pending_error_.ok()) return {};
  if (!connected_ && requests[0].destination == nullptr) return {};
  if (!ensure_streams().ok()) return {};
  Batch batch;
  while (batch.count < count && batch.count < wasi::OutgoingDatagramStream::most_at_once &&
         add_to(batch, requests[batch.count])) {
  }
  if (batch.count < 2) return {};
  const wasi::Result<uint64_t> permit = batch.half->outgoing.check_send();
  if (!permit.ok() || permit.value() == 0) return {};
  if (batch.count > permit.value()) batch.count = static_cast<size_t>(permit.value());
  const wasi::Result<size_t> sent = batch.half->outgoing.send(batch.datagrams, batch.count);
  if (sent.ok()) {
    refusal_sent(false);
    if (sent.value() != 0) batch.half->has_sent = true;
    for (size_t i = 0; i < sent.value(); ++i) tell_receiver(batch.datagrams[i].address);
    return {sent.value(), sent.value() < batch.count};
  }
  if (refusal_guessed_) {
    // Told already, see send_now().
    refusal_guessed_ = pollable_stuck_ = false;
  } else {
    refusal_sent(true);
    pending_error_ = errno_of_send(sent.error());
  }
  return {};
}

}  // namespace posix_sockets
