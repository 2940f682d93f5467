// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// wasi:sockets/udp.
#include <algorithm>

#include "internal.h"

namespace fake {
namespace {

struct UdpSocket;
std::vector<UdpSocket*> sockets;

struct UdpSocket : Resource {
  static constexpr Kind its_kind = Kind::udp_socket;
  explicit UdpSocket(Family family) : Resource(its_kind), family(family) { sockets.push_back(this); }
  ~UdpSocket() override { std::erase(sockets, this); }

  Family family;
  bool bind_started = false;
  bool bound = false;
  UdpSide side = std::make_shared<Datagrams>();
  uint8_t hop_limit = 64;
  uint64_t receive_buffer = 212992;
  uint64_t send_buffer = 212992;
};

template <Kind kind_of_stream>
struct Stream : Resource {
  static constexpr Kind its_kind = kind_of_stream;
  Stream(UdpSide side, Family family) : Resource(its_kind), side(std::move(side)), family(family) {}
  UdpSide side;
  Family family;
};
using Incoming = Stream<Kind::incoming_datagram_stream>;
using Outgoing = Stream<Kind::outgoing_datagram_stream>;

void deliver(const Datagrams::Message& message, const SocketAddress& from) {
  for (UdpSocket* socket : sockets)
    if (socket->side->local.port == message.address.port) socket->side->arrives(message.data, from);
}

bool is_destination(const SocketAddress& address, Family family) {
  return address.family == family && address.port != 0 && !address.is_unspecified() && !address.is_ipv4_mapped();
}

}  // namespace

void Datagrams::arrives(const std::string& data, const SocketAddress& from) {
  if (remote && !(*remote == from)) return;
  incoming.push_back({{data, from}, std::nullopt});
  readable = true;
}
void Datagrams::fails(ErrorCode error) {
  incoming.push_back({{}, error});
  readable = true;
}

UdpSide Host::udp(uint16_t port) {
  for (UdpSocket* socket : sockets)
    if (socket->side->local.port == port) return socket->side;
  return nullptr;
}

void Host::each_udp(const std::function<void(Datagrams&)>& use) {
  for (UdpSocket* socket : sockets)
    if (socket->bound) use(*socket->side);
}

}  // namespace fake

using namespace fake;

extern "C" {

void wps_create_udp_socket(int32_t family, raw::ResultOf<RawHandle>* result) {
  called("create-udp-socket");
  if (auto error = planned("create-udp-socket")) return refuse(result, *error);
  if (family == 1 && !host().has_ipv6) return refuse(result, ErrorCode::not_supported);
  if (!host().grants_network) return refuse(result, ErrorCode::access_denied);
  if (static_cast<int>(sockets.size()) >= host().socket_limit) return refuse(result, ErrorCode::new_socket_limit);
  result->value = add(std::make_unique<UdpSocket>(static_cast<Family>(family)));
}

void wps_udp_socket_drop(RawHandle handle) { drop(handle, Kind::udp_socket); }
void wps_incoming_datagram_stream_drop(RawHandle handle) { drop(handle, Kind::incoming_datagram_stream); }
void wps_outgoing_datagram_stream_drop(RawHandle handle) { drop(handle, Kind::outgoing_datagram_stream); }

void wps_udp_start_bind(RawHandle handle, RawHandle network, FAKE_FLAT, raw::ResultUnit* result) {
  called("udp-socket.start-bind");
  UdpSocket& socket = get<UdpSocket>(handle);
  check_network(network);
  SocketAddress address = unflatten(FAKE_FLAT_ARGUMENTS);
  if (auto error = planned("udp-socket.start-bind")) return refuse(result, *error);
  if (socket.bound || socket.bind_started) return refuse(result, ErrorCode::invalid_state);
  if (address.family != socket.family || address.is_ipv4_mapped()) return refuse(result, ErrorCode::invalid_argument);
  if (!address.is_unspecified() && !address.is_loopback()) return refuse(result, ErrorCode::address_not_bindable);
  if (address.port == 0) address.port = take_port();
  for (UdpSocket* other : sockets)
    if (other != &socket && other->family == socket.family && other->side->local.port == address.port)
      return refuse(result, ErrorCode::address_in_use);
  socket.side->local = address;
  socket.bind_started = true;
}

void wps_udp_finish_bind(RawHandle handle, raw::ResultUnit* result) {
  called("udp-socket.finish-bind");
  UdpSocket& socket = get<UdpSocket>(handle);
  if (auto error = planned("udp-socket.finish-bind")) {
    socket.bind_started = false;
    socket.side->local = {};
    return refuse(result, *error);
  }
  if (!socket.bind_started) return refuse(result, ErrorCode::not_in_progress);
  socket.bind_started = false;
  socket.bound = true;
}

void wps_udp_stream(RawHandle handle, int32_t has_remote, FAKE_FLAT, raw::ResultOf<raw::StreamPair>* result) {
  called("udp-socket.stream");
  UdpSocket& socket = get<UdpSocket>(handle);
  if (socket.children != 0) trap("udp-socket.stream while the streams before are alive");
  const SocketAddress remote = unflatten(FAKE_FLAT_ARGUMENTS);
  if (auto error = planned("udp-socket.stream")) return refuse(result, *error);
  if (!socket.bound) return refuse(result, ErrorCode::invalid_state);
  socket.side->remote.reset();
  if (has_remote != 0) {
    if (!is_destination(remote, socket.family)) return refuse(result, ErrorCode::invalid_argument);
    socket.side->remote = remote;
  }
  socket.side->granted = 0;
  result->value.input = add(std::make_unique<Incoming>(socket.side, socket.family), handle);
  result->value.output = add(std::make_unique<Outgoing>(socket.side, socket.family), handle);
}

void wps_udp_local_address(RawHandle handle, raw::ResultOf<raw::IpSocketAddress>* result) {
  called("udp-socket.local-address");
  UdpSocket& socket = get<UdpSocket>(handle);
  if (auto error = planned("udp-socket.local-address")) return refuse(result, *error);
  if (!socket.bound) return refuse(result, ErrorCode::invalid_state);
  wasi::to_wit(socket.side->local, result->value);
}

#define FAKE_OPTION(name, import, type, lowered, member)                               \
  void wps_udp_##name(RawHandle handle, raw::ResultOf<type>* result) {                 \
    called("udp-socket." import);                                                      \
    UdpSocket& socket = get<UdpSocket>(handle);                                        \
    if (auto error = planned("udp-socket." import)) return refuse(result, *error);     \
    result->value = socket.member;                                                     \
  }                                                                                    \
  void wps_udp_set_##name(RawHandle handle, lowered value, raw::ResultUnit* result) {  \
    called("udp-socket.set-" import);                                                  \
    UdpSocket& socket = get<UdpSocket>(handle);                                        \
    if (auto error = planned("udp-socket.set-" import)) return refuse(result, *error); \
    if (static_cast<lowered>(static_cast<type>(value)) != value)                       \
      trap("value out of range for udp-socket.set-" import);                           \
    if (value == 0) return refuse(result, ErrorCode::invalid_argument);                \
    socket.member = static_cast<type>(value);                                          \
  }

FAKE_OPTION(unicast_hop_limit, "unicast-hop-limit", uint8_t, int32_t, hop_limit)
FAKE_OPTION(receive_buffer_size, "receive-buffer-size", uint64_t, uint64_t, receive_buffer)
FAKE_OPTION(send_buffer_size, "send-buffer-size", uint64_t, uint64_t, send_buffer)

void wps_incoming_datagram_stream_receive(RawHandle handle, uint64_t most,
                                          raw::ResultOf<raw::List<raw::IncomingDatagram>>* result) {
  called("incoming-datagram-stream.receive");
  Datagrams& side = *get<Incoming>(handle).side;
  if (auto error = planned("incoming-datagram-stream.receive")) return refuse(result, *error);
  std::vector<Datagrams::Message> messages;
  while (messages.size() < most && !side.incoming.empty()) {
    const Datagrams::Arrival& arrival = side.incoming.front();
    if (arrival.error && !messages.empty()) break;  // told by the next call
    if (arrival.error) {
      refuse(result, *arrival.error);
      side.incoming.pop_front();
      return;
    }
    messages.push_back(arrival.message);
    side.incoming.pop_front();
  }
  if (messages.empty()) side.readable = side.lies || (side.readable && host().sticky_datagrams);
  const size_t size = messages.size() * sizeof(raw::IncomingDatagram);
  auto* list = static_cast<raw::IncomingDatagram*>(cabi_realloc(nullptr, 0, alignof(raw::IncomingDatagram), size));
  for (size_t i = 0; i < messages.size(); ++i) {
    const std::string& data = messages[i].data;
    list[i] = {};
    list[i].data = {static_cast<uint8_t*>(cabi_realloc(nullptr, 0, 1, data.size())), data.size()};
    if (!data.empty()) std::memcpy(list[i].data.data, data.data(), data.size());
    wasi::to_wit(messages[i].address, list[i].remote_address);
  }
  result->value = {list, messages.size()};
}

RawHandle wps_incoming_datagram_stream_subscribe(RawHandle handle) {
  called("incoming-datagram-stream.subscribe");
  const UdpSide side = get<Incoming>(handle).side;
  return add_pollable(handle, [side] { return side->readable; });
}

void wps_outgoing_datagram_stream_check_send(RawHandle handle, raw::ResultOf<uint64_t>* result) {
  called("outgoing-datagram-stream.check-send");
  Datagrams& side = *get<Outgoing>(handle).side;
  if (auto error = planned("outgoing-datagram-stream.check-send")) return refuse(result, *error);
  side.granted = 0;
  if (!side.permits.empty()) {
    side.granted = side.permits.front();
    side.permits.pop_front();
  } else if (side.writable && spend_budget()) {
    side.granted = 16;
  }
  result->value = side.granted;
}
}

namespace {

// What is wrong with one of the datagrams; `to` becomes where it goes.
std::optional<ErrorCode> check(const Outgoing& stream, const raw::OutgoingDatagram& datagram, SocketAddress& to) {
  const Datagrams& side = *stream.side;
  const bool has_address = datagram.remote_address.is_some != 0;
  if (side.remote) to = *side.remote;
  if (has_address) to = wasi::from_wit(datagram.remote_address.value);
  std::optional<ErrorCode> error;
  if (has_address ? side.remote && !(to == *side.remote) : !side.remote) error = ErrorCode::invalid_argument;
  if (!error && !is_destination(to, stream.family)) error = ErrorCode::invalid_argument;
  if (datagram.data.length > 65507) error = ErrorCode::datagram_too_large;
  return error;
}

}  // namespace

extern "C" {

void wps_outgoing_datagram_stream_send(RawHandle handle, const raw::OutgoingDatagram* list, size_t count,
                                       raw::ResultOf<uint64_t>* result) {
  called("outgoing-datagram-stream.send");
  const Outgoing& stream = get<Outgoing>(handle);
  Datagrams& side = *stream.side;
  if (count > side.granted)
    trap("send of %zu datagrams with a permit for %llu", count, static_cast<unsigned long long>(side.granted));
  side.granted = 0;
  if (auto error = planned("outgoing-datagram-stream.send")) return refuse(result, *error);
  uint64_t sent = 0;
  for (size_t i = 0; i < count; ++i) {
    const raw::OutgoingDatagram& datagram = list[i];
    SocketAddress to = {};
    if (const std::optional<ErrorCode> error = check(stream, datagram, to)) {
      if (sent != 0) break;
      return refuse(result, *error);
    }
    if (!side.writable) break;
    side.sent.push_back({std::string(reinterpret_cast<const char*>(datagram.data.data), datagram.data.length), to});
    if (host().sticky_datagrams) deliver(side.sent.back(), side.local);
    ++sent;
  }
  result->value = sent;
}

RawHandle wps_outgoing_datagram_stream_subscribe(RawHandle handle) {
  called("outgoing-datagram-stream.subscribe");
  const UdpSide side = get<Outgoing>(handle).side;
  return add_pollable(handle, [side] { return side->writable; });
}
}
