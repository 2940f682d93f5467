// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "wit-bindings/0.2/udp.h"

#include <stdlib.h>

#include "wit-bindings/0.2/realloc.h"
#include "wit-bindings/0.2/results.h"

namespace wasi {

Result<size_t> IncomingDatagramStream::receive(void* buffer, uint64_t most, TakeDatagram take, void* context) {
  raw::ResultOf<raw::List<raw::IncomingDatagram>> result = {};
  LentBuffer lent(buffer, receive_room);
  raw::wps_incoming_datagram_stream_receive(borrow(), most, &result);
  if (result.is_error != 0) return error_code(result.error);
  const raw::List<raw::IncomingDatagram>& list = result.value;
  for (size_t i = 0; i < list.length; ++i) {
    const raw::IncomingDatagram& datagram = list.data[i];
    take(context, datagram.data.data, datagram.data.length, from_wit(datagram.remote_address));
    if (datagram.data.length != 0 && !lent.contains(datagram.data.data)) free(datagram.data.data);
  }
  if (list.length != 0 && !lent.contains(list.data)) free(list.data);
  return list.length;
}

Pollable IncomingDatagramStream::subscribe() const {
  return Pollable(raw::wps_incoming_datagram_stream_subscribe(borrow()));
}

Result<uint64_t> OutgoingDatagramStream::check_send() {
  return get(borrow(), raw::wps_outgoing_datagram_stream_check_send);
}

Result<size_t> OutgoingDatagramStream::send(const OutgoingDatagram* list, size_t count) {
  raw::OutgoingDatagram lowered[most_at_once];
  for (size_t i = 0; i < count; ++i) {
    lowered[i].data = {static_cast<const uint8_t*>(list[i].data), list[i].size};
    lowered[i].remote_address.is_some = list[i].address != nullptr;
    if (list[i].address != nullptr) to_wit(*list[i].address, lowered[i].remote_address.value);
  }
  raw::ResultOf<uint64_t> result = {};
  raw::wps_outgoing_datagram_stream_send(borrow(), lowered, count, &result);
  if (result.is_error != 0) return error_code(result.error);
  return static_cast<size_t>(result.value);
}

Pollable OutgoingDatagramStream::subscribe() const {
  return Pollable(raw::wps_outgoing_datagram_stream_subscribe(borrow()));
}

Result<UdpSocket> UdpSocket::create(Family family) {
  raw::ResultOf<RawHandle> result = {};
  raw::wps_create_udp_socket(static_cast<int32_t>(family), &result);
  if (result.is_error != 0) return error_code(result.error);
  return UdpSocket(result.value);
}

Result<Unit> UdpSocket::start_bind(const SocketAddress& address) {
  const raw::FlatAddress flat = flatten(address);
  raw::ResultUnit result = {};
  raw::wps_udp_start_bind(borrow(), instance_network(), WPS_SPREAD(flat), &result);
  return to_result(result);
}

Result<Unit> UdpSocket::finish_bind() {
  raw::ResultUnit result = {};
  raw::wps_udp_finish_bind(borrow(), &result);
  return to_result(result);
}

Result<DatagramStreams> UdpSocket::stream(const SocketAddress* remote) {
  const raw::FlatAddress flat = remote != nullptr ? flatten(*remote) : raw::FlatAddress{};
  raw::ResultOf<raw::StreamPair> result = {};
  raw::wps_udp_stream(borrow(), remote != nullptr, WPS_SPREAD(flat), &result);
  if (result.is_error != 0) return error_code(result.error);
  return DatagramStreams{IncomingDatagramStream(result.value.input), OutgoingDatagramStream(result.value.output)};
}

Result<SocketAddress> UdpSocket::local_address() const {
  raw::ResultOf<raw::IpSocketAddress> result = {};
  raw::wps_udp_local_address(borrow(), &result);
  if (result.is_error != 0) return error_code(result.error);
  return from_wit(result.value);
}

Result<uint8_t> UdpSocket::unicast_hop_limit() const { return get(borrow(), raw::wps_udp_unicast_hop_limit); }
Result<Unit> UdpSocket::set_unicast_hop_limit(uint8_t value) {
  return set<int32_t>(borrow(), value, raw::wps_udp_set_unicast_hop_limit);
}
Result<uint64_t> UdpSocket::receive_buffer_size() const { return get(borrow(), raw::wps_udp_receive_buffer_size); }
Result<Unit> UdpSocket::set_receive_buffer_size(uint64_t value) {
  return set(borrow(), value, raw::wps_udp_set_receive_buffer_size);
}
Result<uint64_t> UdpSocket::send_buffer_size() const { return get(borrow(), raw::wps_udp_send_buffer_size); }
Result<Unit> UdpSocket::set_send_buffer_size(uint64_t value) {
  return set(borrow(), value, raw::wps_udp_set_send_buffer_size);
}

}  // namespace wasi
