// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// UDP: receiving, readiness.
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "description/read_buffer.h"
#include "support/errno_of.h"
#include "udp/socket.h"
#include "wait/settle.h"
#include "wit-bindings/clocks.h"

namespace posix_sockets {

namespace {

// A busy receiver takes several datagrams a call; for the others a larger answer would only cost.
constexpr uint64_t most_at_once = 4;
constexpr uint8_t burst_begins = 2;

}  // namespace

struct UdpSocket::Delivery {
  UdpSocket* socket;
  ReceiveRequest* request;  // null once it is served
  size_t size = 0;          // of the datagram that served it
};

void UdpSocket::take_datagram(void* context, const uint8_t* data, size_t size, const SocketAddress& source) {
  auto& delivery = *static_cast<Delivery*>(context);
  if (delivery.request != nullptr) {
    deliver(*delivery.request, data, size, to_family(source, delivery.socket->family()));
    delivery.request = nullptr;
    delivery.size = size;
    return;
  }
  auto* stash = static_cast<Stash*>(malloc(sizeof(Stash) + size));
  if (stash == nullptr) return;  // a datagram is lost, as in a kernel without memory
  stash->next = nullptr;
  stash->size = size;
  stash->source = to_family(source, delivery.socket->family());
  if (size != 0) memcpy(stash + 1, data, size);
  *delivery.socket->stash_end_ = stash;
  delivery.socket->stash_end_ = &stash->next;
  ++delivery.socket->stashed_;
}

void UdpSocket::deliver(ReceiveRequest& request, const uint8_t* data, size_t size, const SocketAddress& source) {
  const size_t copied =
      request.size == 0 ? 0 : scatter(request.buffers, data, request.size < size ? request.size : size);
  request.source = source;
  request.has_source = true;
  if (copied < size) request.out_flags |= MSG_TRUNC;
  request.copied = copied;
}

Result<size_t> UdpSocket::ask_host(Half& half, uint64_t most, ReceiveRequest* request, size_t* size) {
  if (!half.incoming) return Errno(EAGAIN);  // unbound: nobody can have sent anything
  uint8_t* room = scratch(wasi::IncomingDatagramStream::receive_room);
  if (room == nullptr) return Errno(ENOMEM);
  Delivery delivery = {this, request};
  wasi::Result<size_t> received = half.incoming.receive(room, most, take_datagram, &delivery);
  if (!received.ok()) {
    if (received.error() == wasi::ErrorCode::would_block) return Errno(EAGAIN);
    pending_error_ = errno_of_answer(received.error());  // an ICMP answer to something sent before
    return Errno(EAGAIN);
  }
  if (received.value() == 0) {
    burst_ = 0;
    return Errno(EAGAIN);
  }
  underway_ -= received.value() < underway_ ? static_cast<uint32_t>(received.value()) : underway_;
  if (burst_ < burst_begins) ++burst_;
  // In a kernel those under way at the last event had arrived with it: they are no news.
  if (received.value() <= old_underway_) {
    old_underway_ -= static_cast<uint32_t>(received.value());
  } else {
    ++input_edges;
    old_underway_ = underway_;
  }
  if (size != nullptr) *size = delivery.size;
  return received.value();
}

Result<size_t> UdpSocket::ask_hosts(uint64_t most, ReceiveRequest* request, size_t* size) {
  const Result<size_t> asked = ask_halves(most, request, size);
  if (underway_ == 0 || !(asked.error() == EAGAIN) || !pending_error_.ok()) return asked;
  const bool came = await_underway();
  if (old_underway_ > underway_) old_underway_ = underway_;  // some went elsewhere
  return came ? ask_halves(most, request, size) : asked;
}

Result<size_t> UdpSocket::ask_halves(uint64_t most, ReceiveRequest* request, size_t* size) {
  if (!companion_.incoming) return ask_host(main_, most, request, size);
  if (!main_.incoming) return ask_host(companion_, most, request, size);
  companion_turn_ = !companion_turn_;
  const Result<size_t> asked = ask_host(companion_turn_ ? companion_ : main_, most, request, size);
  if (!(asked.error() == EAGAIN) || !pending_error_.ok()) return asked;
  return ask_host(companion_turn_ ? main_ : companion_, most, request, size);
}

Errno UdpSocket::look_ahead() {
  if (stash_ != nullptr) return success;
  const Result<size_t> asked = ask_hosts(1, nullptr, nullptr);
  if (!asked.ok()) return asked.error();
  return stash_ != nullptr ? success : Errno(ENOMEM);
}

void UdpSocket::drop_first() {
  Stash* first = stash_;
  stash_ = first->next;
  --stashed_;
  if (stash_ == nullptr) stash_end_ = &stash_;
  free(first);
}

// A host whose kernel has an error for the socket, such as the ICMP answer that nobody listens, may show it in the pollable
// alone: ready, and yet nothing can be received, twice over. The error itself comes with the next send. Another host's pollable
// is just always ready.
void UdpSocket::guess_refusal() {
  Half& half = connected_half_ != nullptr ? *connected_half_ : main_;
  if (!half.incoming || pollable_stuck_ || stash_ != nullptr) return;
  for (int attempt = 0; attempt < 2; ++attempt) {
    if (!half.incoming_pollable) half.incoming_pollable = half.incoming.subscribe();
    if (!settle(Settling::look, half.incoming_pollable)) return;
    const Errno error = look_ahead();
    if (!(error == EAGAIN) || !pending_error_.ok()) return;
  }
  const bool truth = host_tells_truth();
  if (truth && connected_half_ == nullptr) return;
  pollable_stuck_ = true;
  if (!truth || refusal_sent_) return;  // a pollable that still shows what a send has told already
  refusal_guessed_ = true;
  pending_error_ = ECONNREFUSED;
}

Result<size_t> UdpSocket::receive(ReceiveRequest& request) {
  if (!pending_error_.ok()) return take_error();
  const bool peeks = (request.flags & MSG_PEEK) != 0;
  size_t size = 0;
  Errno error;
  bool received = false;
  if (stash_ == nullptr && !peeks) {
    const Result<size_t> asked = ask_hosts(burst_ >= burst_begins ? most_at_once : 1, &request, &size);
    error = asked.error();
    received = asked.ok();
  } else {
    error = look_ahead();
  }
  if (error == EAGAIN) {
    // Who can wait does that first: a refusal ends the wait at once, and then nothing is there again.
    if ((request.flags & MSG_DONTWAIT) != 0 || empty_before_) guess_refusal();
    empty_before_ = !empty_before_;
  } else {
    empty_before_ = false;
  }
  if (!pending_error_.ok()) return take_error();
  if (!received) {
    if (stash_ == nullptr)
      return error == EAGAIN && receive_shut_ && (request.flags & MSG_DONTWAIT) == 0 ? Result<size_t>(size_t{0})
                                                                                     : Result<size_t>(error);
    size = stash_->size;
    deliver(request, stash_->data(), size, stash_->source);
    if (!peeks) drop_first();
  }
  // With SO_TIMESTAMP recvmsg() tells, and SIOCGSTAMP doesn't.
  if (!options.is_on(Stored::timestamp) && (stamp_ns < 0 || stamp_clock != nullptr))
    stamp_ns = stamp_clock != nullptr ? stamp_clock() : 0;
  return (request.flags & MSG_TRUNC) != 0 ? size : request.copied;
}

Result<int> UdpSocket::readable_bytes() {
  // The size of the next datagram alone, as Linux has it.
  const Errno error = look_ahead();
  if (error.ok()) return static_cast<int>(stash_->size);
  return error == EAGAIN ? Result<int>(0) : Result<int>(error);
}

Events UdpSocket::ready(Events wanted, bool probe) {
  wanted |= events::error | events::hang_up;
  const uint32_t seen = input_edges;
  auto before = stashed_;
  const bool looks = probe || underway_ != 0;
  if (looks && stash_ != nullptr && needs_input(wanted)) (void)ask_hosts(1, nullptr, nullptr);
  if (looks && look_ahead() == EAGAIN && probe) guess_refusal();
  // For who hears of news alone: what isn't any may be before what is.
  while (watchers != 0 && underway_ != 0 && stashed_ != before && input_edges == seen && needs_input(wanted)) {
    before = stashed_;
    (void)ask_hosts(1, nullptr, nullptr);
  }
  Events now = 0;
  if (stash_ != nullptr) now |= events::readable;
  if (receive_shut_) now |= events::readable | events::read_hang_up;
  if (receive_shut_ && send_shut_) now |= events::hang_up;
  if (send_shut_) now |= events::write_hang_up;
  Half& half = connected_half_ != nullptr ? *connected_half_ : main_;
  if (!half.outgoing || send_shut_) {
    now |= events::writable;
  } else if ((probe || !half.has_sent) && waits_for_room(wanted)) {
    if (!(ask_to_send(half) == EAGAIN)) {
      now |= events::writable;
      saw_room();
    }
  }
  if (!pending_error_.ok()) now |= events::error;
  return now & wanted;
}

void UdpSocket::subscribe(Events wanted, PollSet& set, uint32_t tag) {
  const bool listens = main_.incoming || companion_.incoming;
  if (pollable_stuck_ && listens && stash_ == nullptr && !receive_shut_) {
    constexpr uint64_t retry_ns = 1000000;
    // By the clock, so that one that is over is never waited for, and a set that holds the socket twice has one timer.
    const uint64_t now = wasi::monotonic_clock::now();
    if (!retry_timer_ || now >= retry_at_) {
      retry_at_ = now + retry_ns;
      retry_timer_ = wasi::monotonic_clock::subscribe_instant(retry_at_);
    }
    set.add(retry_timer_, tag);
  }
  Half* const halves[] = {&main_, &companion_};
  for (Half* half : halves) {
    if (half->incoming && needs_input(wanted) && !receive_shut_ && !pollable_stuck_) {
      if (!half->incoming_pollable) half->incoming_pollable = half->incoming.subscribe();
      set.add(half->incoming_pollable, tag);
    }
    if (half->outgoing && waits_for_room(wanted)) {
      if (!half->outgoing_pollable) half->outgoing_pollable = half->outgoing.subscribe();
      set.add(half->outgoing_pollable, tag);
    }
  }
}

}  // namespace posix_sockets
