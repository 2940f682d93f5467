// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// UDP: sending.
#include <stdlib.h>
#include <sys/socket.h>

#include "description/read_buffer.h"
#include "support/errno_of.h"
#include "udp/socket.h"
#include "wait/settle.h"

namespace posix_sockets {

// A host that once was too busy to send goes on refusing until its pollable was looked at; and of a new socket it notices only
// after some time that one can send.
Errno UdpSocket::ask_to_send(Half& half) {
  wasi::Result<uint64_t> permit = half.outgoing.check_send();
  if (permit.ok() && permit.value() == 0) {
    if (!half.outgoing_pollable) half.outgoing_pollable = half.outgoing.subscribe();
    if (!settle(half.has_sent ? Settling::look : Settling::first_room, half.outgoing_pollable)) return EAGAIN;
    permit = half.outgoing.check_send();
  }
  if (!permit.ok()) return errno_of(permit.error());
  return permit.value() != 0 ? success : Errno(EAGAIN);
}

Errno UdpSocket::errno_of_send(wasi::ErrorCode error) {
  return error == wasi::ErrorCode::remote_unreachable ? Errno(ENETUNREACH) : errno_of_answer(error);
}

void UdpSocket::refusal_sent(bool refused) {
  if (refusal_sent_ && !refused) pollable_stuck_ = false;
  refusal_sent_ = refused;
}

Errno UdpSocket::send_now(Half& half, const void* data, size_t size, const SocketAddress* destination) {
  Errno asked = ask_to_send(half);
  if (!asked.ok()) return asked;
  const wasi::OutgoingDatagram datagram = {data, size, destination};
  wasi::Result<size_t> sent = half.outgoing.send(&datagram, 1);
  if (sent.ok() && sent.value() == 0) {
    asked = ask_to_send(half);
    if (!asked.ok()) return asked;
    sent = half.outgoing.send(&datagram, 1);
  }
  if (!sent.ok() && refusal_guessed_) {
    // Told already; and the host's own state is in order again.
    refusal_guessed_ = pollable_stuck_ = false;
    return send_now(half, data, size, destination);
  }
  refusal_sent(!sent.ok());
  if (!sent.ok()) return errno_of_send(sent.error());
  half.has_sent = true;
  if (sent.value() == 0) return EAGAIN;
  tell_receiver(destination);
  return success;
}

size_t UdpSocket::send_plain(const void* data, size_t size) {
  if (!connected_ || held_ != nullptr || !pending_error_.ok() || send_shut_ || refusal_guessed_ || remote_.port == 0 ||
      size > wasi::max_datagram_size)
    return 0;
  wasi::OutgoingDatagramStream& out = connected_half_->outgoing;
  if (!out) return 0;
  const wasi::Result<uint64_t> permit = out.check_send();
  if (!permit.ok() || permit.value() == 0) return 0;
  const wasi::OutgoingDatagram datagram = {data, size, nullptr};
  const wasi::Result<size_t> sent = out.send(&datagram, 1);
  refusal_sent(!sent.ok());
  if (!sent.ok()) {
    pending_error_ = errno_of_send(sent.error());  // send() says it
    return 0;
  }
  if (sent.value() == 0) return 0;
  connected_half_->has_sent = true;
  tell_receiver(nullptr);
  return size;
}

Errno UdpSocket::send_elsewhere(Half& half, const void* data, size_t size, const SocketAddress& destination) {
  if (&half != connected_half_) {
    // The other family's half has no streams while the socket is connected.
    Errno error = half.open_streams(nullptr);
    if (error.ok()) error = send_now(half, data, size, &destination);
    half.drop_streams();
    return error;
  }
  // A connected host stream sends to its peer only: disconnect for the time of this datagram.
  Errno error = half.open_streams(nullptr);
  if (error.ok()) error = send_now(half, data, size, &destination);
  const SocketAddress remote =
      to_family(remote_, main_family_ == Family::ipv4 || &half == &companion_ ? Family::ipv4 : family());
  const Errno reconnected = half.open_streams(&remote);
  return error.ok() ? reconnected : error;
}

// The kernel binds the socket first of all, whatever is wrong with what is to be sent.
Result<size_t> UdpSocket::send(SendRequest& request) {
  Errno error = ensure_streams();
  // No port is free. set_destination() has said so, as waiting would be in vain.
  if (error == EAGAIN) error = EDESTADDRREQ;
  if (!error.ok()) return error;
  if (family() == Family::ipv4 && request.size > wasi::max_datagram_size) return Errno(EMSGSIZE);
  if (held_ != nullptr) return send_behind_held(request);
  const SocketAddress* destination = request.destination;
  SocketAddress target;
  if (destination == nullptr) {
    if (!connected_) return Errno(EDESTADDRREQ);
  } else {
    if (destination->is_ipv4_mapped() && options.v6_only) return Errno(ENETUNREACH);
    if (destination->port == 0) return Errno(EINVAL);
    if (destination->is_ipv4_broadcast()) return Errno(EACCES);
    target = *destination;
  }
  if (request.size > wasi::max_datagram_size) return Errno(EMSGSIZE);
  if (!pending_error_.ok()) return take_error();
  if (send_shut_) return Errno(EPIPE);
  if (request.buffers.vector == nullptr && request.size != 0) return Errno(EFAULT);
  if (destination == nullptr && remote_.port == 0) {
    pending_error_ = ECONNREFUSED;  // nobody has port 0
    return request.size;
  }
  if ((request.flags & MSG_MORE) != 0) return begin_held(request);
  Half* half = connected_half_;
  if (destination != nullptr) {
    const Result<Half*> found = half_for(target);
    if (!found.ok()) return found.error();
    half = found.value();
    target = as_destination(target, bind_address_);
    if (connected_ && half == connected_half_ && to_family(target, family()) == remote_) destination = nullptr;
  }
  // This may receive, so it comes before the scratch memory is filled.
  if (destination != nullptr && half == connected_half_) error = settle_port();
  if (!error.ok()) return error;
  iovec piece = first_piece(request.buffers);
  if (piece.iov_len < request.size) {
    uint8_t* gathered = scratch(wasi::IncomingDatagramStream::receive_room);
    if (gathered == nullptr) return Errno(ENOMEM);
    gather(request.buffers, gathered, request.size);
    piece = {gathered, request.size};
  }
  if (!half->outgoing && (destination == nullptr || !connected_)) {
    // The host refused streams when they were to change last.
    const SocketAddress remote = to_family(remote_, half == &main_ ? main_family_ : Family::ipv4);
    error = half->open_streams(destination == nullptr ? &remote : nullptr);
    if (!error.ok()) return error;
  }
  if (destination == nullptr) {
    error = send_now(*half, piece.iov_base, request.size, nullptr);
  } else if (connected_) {
    error = send_elsewhere(*half, piece.iov_base, request.size, target);
  } else {
    error = send_now(*half, piece.iov_base, request.size, &target);
  }
  if (!error.ok()) return error;
  return request.size;
}

// MSG_MORE: what is sent until a send without it is one datagram, to where the first of these sends goes.
struct UdpSocket::Held {
  size_t size;
  bool has_destination;
  SocketAddress destination;
  uint8_t data[wasi::max_datagram_size];
};

Result<size_t> UdpSocket::begin_held(const SendRequest& request) {
  held_ = static_cast<Held*>(malloc(sizeof(Held)));
  if (held_ == nullptr) return Errno(ENOMEM);
  held_->size = gather(request.buffers, held_->data, request.size);
  held_->has_destination = request.destination != nullptr;
  held_->destination = request.destination_address;
  return request.size;
}

Result<size_t> UdpSocket::send_behind_held(const SendRequest& request) {
  if (request.size > wasi::max_datagram_size - held_->size || request.buffers.vector == nullptr) {
    drop_held();
    return request.buffers.vector == nullptr ? Errno(EFAULT) : Errno(EMSGSIZE);
  }
  gather(request.buffers, held_->data + held_->size, request.size);
  if ((request.flags & MSG_MORE) != 0) {
    held_->size += request.size;
    return request.size;
  }
  Held* held = held_;
  const iovec piece = {held->data, held->size + request.size};
  SendRequest whole;
  whole.buffers = {&piece, 1};
  whole.size = piece.iov_len;
  whole.destination = held->has_destination ? &held->destination : nullptr;
  held_ = nullptr;
  const Result<size_t> sent = send(whole);
  held_ = held;
  if (sent.error() == EAGAIN) return sent;  // it is held as before, for another attempt
  drop_held();
  return sent.ok() ? Result<size_t>(request.size) : sent;
}

void UdpSocket::drop_held() {
  free(held_);
  held_ = nullptr;
}

}  // namespace posix_sockets
