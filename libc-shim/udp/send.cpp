// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// UDP: sending.
#include <sys/socket.h>

#include "description/read_buffer.h"
#include "udp/socket.h"

namespace posix_sockets {

Errno UdpSocket::send_from(Endpoint& endpoint, const host::OutgoingDatagram& datagram) {
  const Errno room = writable(endpoint);
  if (!room.ok()) return room;
  const Result<size_t> sent = endpoint.send(&datagram, 1);
  if (!sent.ok()) return sent.error();
  tell_receiver(datagram.address);
  return success;
}

size_t UdpSocket::send_plain(const void* data, size_t size) {
  if (!is_connected() || !endpoint().is_open() || peer_.address.port == 0) return 0;
  if (cork_ || !pending_error_.ok() || (shut_ & shutdown_send) != 0 || size > host::max_datagram_size) return 0;
  const Errno error = send_from(endpoint(), {data, size, nullptr});
  if (error.ok()) return size;
  if (!(error == EAGAIN)) pending_error_ = error;  // send() says it
  return 0;
}

// A connected host socket sends to its peer only: it is disconnected for the time of this datagram. The endpoint of the other
// family is closed while the socket is connected.
Errno UdpSocket::send_elsewhere(Endpoint& endpoint, const host::OutgoingDatagram& datagram) {
  Errno error = endpoint.connect(nullptr);
  if (error.ok()) error = send_from(endpoint, datagram);
  if (&endpoint != peer_.endpoint) {
    endpoint.close();
    return error;
  }
  const SocketAddress remote = to_family(peer_.address, endpoint.family());
  const Errno reconnected = endpoint.connect(&remote);
  return error.ok() ? reconnected : error;
}

// What is wrong with a send, in the kernel's order.
Errno UdpSocket::check(const SendRequest& request) {
  const SocketAddress* destination = request.destination;
  if (destination == nullptr && !is_connected()) return EDESTADDRREQ;
  if (destination != nullptr) {
    if (destination->is_ipv4_mapped() && options.v6_only) return ENETUNREACH;
    if (destination->port == 0) return EINVAL;
    if (destination->is_ipv4_broadcast()) return EACCES;
  }
  if (request.size > host::max_datagram_size) return EMSGSIZE;
  if (!pending_error_.ok()) return take_error();
  if ((shut_ & shutdown_send) != 0) return EPIPE;
  if (request.buffers.vector == nullptr && request.size != 0) return EFAULT;
  return success;
}

// The kernel binds the socket first of all, whatever is wrong with what is to be sent.
Result<size_t> UdpSocket::send(SendRequest& request) {
  Errno error = ensure_bound();
  // No port is free. set_destination() has said so, as waiting would be in vain.
  if (error == EAGAIN) error = EDESTADDRREQ;
  if (!error.ok()) return error;
  if (family() == Family::ipv4 && request.size > host::max_datagram_size) return Errno(EMSGSIZE);
  if (cork_) return send_corked(request);
  error = check(request);
  if (!error.ok()) return error;
  if (request.destination == nullptr && peer_.address.port == 0) {
    pending_error_ = ECONNREFUSED;  // nobody has port 0
    return request.size;
  }
  if ((request.flags & MSG_MORE) != 0)
    error = cork_.begin(request);
  else
    error = send_datagram(request);
  return error.ok() ? Result<size_t>(request.size) : error;
}

Errno UdpSocket::send_datagram(const SendRequest& request) {
  Endpoint* endpoint = peer_.endpoint;
  const SocketAddress* destination = nullptr;
  SocketAddress address;
  if (request.destination != nullptr) {
    address = *request.destination;
    const Result<Endpoint*> found = endpoint_for(address);
    if (!found.ok()) return found.error();
    endpoint = found.value();
    address = as_destination(address, binding_.address);
    const bool is_peer = endpoint == peer_.endpoint && to_family(address, family()) == peer_.address;
    if (!is_peer) destination = &address;
  }
  // This may receive, so it comes before the scratch memory is filled.
  if (destination != nullptr && endpoint == peer_.endpoint) {
    const Errno settled = settle_port();
    if (!settled.ok()) return settled;
  }
  iovec piece = first_piece(request.buffers);
  if (piece.iov_len < request.size) {
    uint8_t* gathered = scratch(host::DatagramSocket::receive_room);
    if (gathered == nullptr) return ENOMEM;
    gather(request.buffers, gathered, request.size);
    piece = {gathered, request.size};
  }
  const host::OutgoingDatagram datagram = {piece.iov_base, request.size, destination};
  if (destination != nullptr && is_connected()) return send_elsewhere(*endpoint, datagram);
  if (!endpoint->is_open()) {
    // The host refused that when it was to change last.
    const SocketAddress remote = to_family(peer_.address, endpoint->family());
    const Errno error = endpoint->connect(destination == nullptr ? &remote : nullptr);
    if (!error.ok()) return error;
  }
  return send_from(*endpoint, datagram);
}

Result<size_t> UdpSocket::send_corked(const SendRequest& request) {
  const Errno appended = cork_.append(request);
  if (!appended.ok()) {
    cork_.drop();
    return appended;
  }
  if ((request.flags & MSG_MORE) != 0) {
    cork_.keep(request.size);
    return request.size;
  }
  Cork held;
  held.take(cork_);
  iovec piece;
  SendRequest whole;
  held.describe(request.size, piece, whole);
  const Result<size_t> sent = send(whole);
  if (sent.ok()) return request.size;
  if (sent.error() == EAGAIN) cork_.take(held);  // as before, for another attempt
  return sent;
}

}  // namespace posix_sockets
