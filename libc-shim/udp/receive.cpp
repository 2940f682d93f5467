// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// UDP: receiving.
#include <sys/socket.h>

#include "description/read_buffer.h"
#include "udp/delivery.h"

namespace posix_sockets {

namespace {

// A busy receiver takes several datagrams a call; for the others a larger answer would only cost.
constexpr size_t most_at_once = 4;
constexpr uint8_t burst_begins = 2;

}  // namespace

void UdpSocket::Delivery::take(void* context, const uint8_t* data, size_t size, const SocketAddress& source) {
  auto& delivery = *static_cast<Delivery*>(context);
  const SocketAddress sender = to_family(source, delivery.socket.family());
  if (delivery.request == nullptr) return delivery.socket.queue_.push(data, size, sender);
  delivery.serve(data, size, sender);
}

void UdpSocket::Delivery::serve(const uint8_t* data, size_t datagram_size, const SocketAddress& source) {
  size_t copied = request->size < datagram_size ? request->size : datagram_size;
  if (copied != 0) copied = scatter(request->buffers, data, copied);
  request->source = source;
  request->has_source = true;
  request->copied = copied;
  if (copied < datagram_size) request->out_flags |= MSG_TRUNC;
  size = datagram_size;
  served = true;
  request = nullptr;
}

Errno UdpSocket::take_answer(const Result<size_t>& received) {
  if (received.error() == EAGAIN) {
    finds_ = 0;
    return EAGAIN;
  }
  if (!received.ok()) {
    pending_error_ = received.error();  // an ICMP answer to something sent before
    return EAGAIN;
  }
  if (finds_ < burst_begins) ++finds_;
  if (binding_.expected.arrived(received.value())) tell_input();
  return success;
}

Errno UdpSocket::ask_host(Endpoint& endpoint, size_t most, Delivery& delivery) {
  if (!endpoint.is_open()) return EAGAIN;  // nobody can have sent anything
  uint8_t* room = scratch(host::DatagramSocket::receive_room);
  if (room == nullptr) return ENOMEM;
  return take_answer(endpoint.socket().receive(room, most, Delivery::take, &delivery));
}

Errno UdpSocket::ask_endpoints(size_t most, Delivery& delivery) {
  Endpoint& ipv4 = binding_.ipv4;
  if (!ipv4.is_open()) return ask_host(main_, most, delivery);
  if (!main_.is_open()) return ask_host(ipv4, most, delivery);
  ipv4_first_ = !ipv4_first_;
  const Errno asked = ask_host(ipv4_first_ ? ipv4 : main_, most, delivery);
  if (!(asked == EAGAIN) || !pending_error_.ok()) return asked;
  return ask_host(ipv4_first_ ? main_ : ipv4, most, delivery);
}

Errno UdpSocket::ask(size_t most, Delivery& delivery) {
  const Errno asked = ask_endpoints(most, delivery);
  if (!binding_.expected.any() || !(asked == EAGAIN) || !pending_error_.ok()) return asked;
  const bool came = await_expected();
  binding_.expected.forget_lost();
  return came ? ask_endpoints(most, delivery) : asked;
}

Errno UdpSocket::readable(Delivery& delivery) {
  if (!queue_.empty()) return success;
  const bool is_busy = delivery.request != nullptr && finds_ >= burst_begins;
  const Errno asked = ask(is_busy ? most_at_once : 1, delivery);
  if (asked.ok() && !delivery.served && queue_.empty()) return ENOMEM;
  return asked;
}

Errno UdpSocket::readable() {
  Delivery to_queue(*this);
  return readable(to_queue);
}

// Some hosts show that nobody listens where a datagram was sent only in what they make ready.
void UdpSocket::look_for_refusal() {
  if (!queue_.empty() || !endpoint().is_open()) return;
  uint8_t* room = scratch(host::DatagramSocket::receive_room);
  if (room == nullptr) return;
  Delivery to_queue(*this);
  (void)take_answer(endpoint().socket().look_closer(room, Delivery::take, &to_queue));
}

// Finds what an earlier send led to.
void UdpSocket::look_for_error() {
  if (is_connected() && pending_error_.ok() && readable() == EAGAIN) look_for_refusal();
}

Result<size_t> UdpSocket::receive(ReceiveRequest& request) {
  if (!pending_error_.ok()) return take_error();
  const bool peeks = (request.flags & MSG_PEEK) != 0;
  const bool may_wait = (request.flags & MSG_DONTWAIT) == 0;
  Delivery delivery(*this, peeks ? nullptr : &request);
  const Errno found = readable(delivery);
  // Who can wait does that first: a refusal ends the wait at once, and then nothing is there again.
  if (found == EAGAIN && (!may_wait || waited_in_vain_)) look_for_refusal();
  waited_in_vain_ = found == EAGAIN && !waited_in_vain_;
  if (!pending_error_.ok()) return take_error();
  if (!delivery.served) {
    if (queue_.empty()) {
      const bool at_end = found == EAGAIN && may_wait && (shut_ & shutdown_receive) != 0;
      return at_end ? Result<size_t>(size_t{0}) : Result<size_t>(found);
    }
    const DatagramQueue::Datagram& first = queue_.first();
    delivery.request = &request;
    delivery.serve(first.data(), first.size, first.source);
    if (!peeks) queue_.pop();
  }
  stamp();
  return (request.flags & MSG_TRUNC) != 0 ? delivery.size : request.copied;
}

void UdpSocket::stamp() {
  // With SO_TIMESTAMP recvmsg() tells, and SIOCGSTAMP doesn't.
  if (options.is_on(Stored::timestamp) || (stamp_ns >= 0 && stamp_clock == nullptr)) return;
  stamp_ns = stamp_clock != nullptr ? stamp_clock() : 0;
}

Result<int> UdpSocket::readable_bytes() {
  // The size of the next datagram alone, as Linux has it.
  const Errno error = readable();
  if (error.ok()) return static_cast<int>(queue_.first().size);
  return error == EAGAIN ? Result<int>(0) : Result<int>(error);
}

}  // namespace posix_sockets
