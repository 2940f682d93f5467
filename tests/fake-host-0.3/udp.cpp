// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cstdlib>
#include <cstring>

#include "table.h"
#include "wit-bindings/0.3/address.h"

extern "C" void* cabi_realloc(void* old, size_t old_size, size_t alignment, size_t new_size);

namespace fake3 {

using namespace wasi3;

namespace {

uint16_t next_port = 50000;

template <class T>
List<T> give_list(const T* data, size_t count) {
  auto* memory = static_cast<T*>(cabi_realloc(nullptr, 0, alignof(T), count * sizeof(T)));
  if (count != 0) std::memcpy(static_cast<void*>(memory), data, count * sizeof(T));
  return {memory, count};
}

SocketAddress unflatten(int32_t family, int32_t port, const int32_t* slots) {
  SocketAddress address = SocketAddress::any(static_cast<Family>(family));
  address.port = static_cast<uint16_t>(port);
  if (address.family == Family::ipv4)
    for (int i = 0; i < 4; ++i) address.bytes[i] = static_cast<uint8_t>(slots[i]);
  return address;
}

}  // namespace

extern "C" {

void wps3_udp_create(int32_t, ResultOf<RawHandle>* result) {
  called();
  if (world().next_create_fails) {
    refuse(result, *world().next_create_fails);
    world().next_create_fails.reset();
    return;
  }
  auto udp = std::make_unique<Udp>();
  world().datagram_sockets.push_back(udp->side);
  result->is_error = 0;
  result->value = add(std::move(udp));
}
void wps3_udp_drop(RawHandle socket) {
  called();
  check_not_borrowed(socket);
  drop(socket, Kind::udp);
}

void wps3_udp_bind(RawHandle socket, int32_t family, int32_t port, int32_t a1, int32_t a2, int32_t a3, int32_t a4,
                   int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, ResultUnit* result) {
  called();
  auto& udp = get<Udp>(socket);
  const int32_t slots[] = {a1, a2, a3, a4};
  result->is_error = 0;
  if (udp.bound) return refuse(result, ErrorCode::invalid_state);
  udp.bound = true;
  udp.side->local = unflatten(family, port, slots);
  if (port == 0) udp.side->local.port = next_port++;
}
void wps3_udp_connect(RawHandle socket, int32_t family, int32_t port, int32_t a1, int32_t a2, int32_t a3, int32_t a4,
                      int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, ResultUnit* result) {
  called();
  const int32_t slots[] = {a1, a2, a3, a4};
  result->is_error = 0;
  if (port == 0) return refuse(result, ErrorCode::invalid_argument);
  get<Udp>(socket).side->remote = unflatten(family, port, slots);
}
void wps3_udp_disconnect(RawHandle socket, ResultUnit* result) {
  called();
  auto& udp = get<Udp>(socket);
  result->is_error = 0;
  if (!udp.side->remote) return refuse(result, ErrorCode::invalid_state);
  udp.side->remote.reset();
}

uint32_t wps3_udp_send(const SendArguments* arguments, ResultUnit* result) {
  called();
  const DatagramsPointer side = get<Udp>(arguments->self).side;
  Datagram datagram;
  datagram.data.assign(reinterpret_cast<const char*>(arguments->data.data), arguments->data.length);
  if (arguments->is_some != 0) {
    datagram.address = posix_sockets::host::from_wit(arguments->remote);
  } else if (side->remote) {
    datagram.address = *side->remote;
  } else {
    refuse(result, ErrorCode::invalid_argument);
    return static_cast<uint32_t>(wasi3::Subtask::returned);
  }
  return call(arguments->self, [side, datagram, result] {
    if (!side->has_room) return false;
    result->is_error = 0;
    if (side->failure) {
      refuse(result, *side->failure);
      side->failure.reset();
    } else {
      side->sent.push_back(datagram);
    }
    return true;
  });
}

uint32_t wps3_udp_receive(RawHandle socket, ResultOf<ReceivedDatagram>* result) {
  called();
  const DatagramsPointer side = get<Udp>(socket).side;
  return call(socket, [side, result] {
    if (side->failure) {
      refuse(result, *side->failure);
      side->failure.reset();
      return true;
    }
    if (side->incoming.empty()) return false;
    const Datagram datagram = side->incoming.front();
    side->incoming.pop_front();
    result->is_error = 0;
    result->value.data = give_list(reinterpret_cast<const uint8_t*>(datagram.data.data()), datagram.data.size());
    posix_sockets::host::to_wit(datagram.address, result->value.source);
    return true;
  });
}

void wps3_udp_local_address(RawHandle socket, ResultOf<IpSocketAddress>* result) {
  called();
  auto& udp = get<Udp>(socket);
  if (!udp.bound) return refuse(result, ErrorCode::invalid_state);
  result->is_error = 0;
  posix_sockets::host::to_wit(udp.side->local, result->value);
}

void wps3_udp_hop_limit(RawHandle, ResultOf<uint8_t>* result) { *result = {0, {64}}; }
void wps3_udp_set_hop_limit(RawHandle, int32_t value, ResultUnit* result) {
  result->is_error = 0;
  if (value == 0) refuse(result, ErrorCode::invalid_argument);
}
void wps3_udp_receive_buffer_size(RawHandle, ResultOf<uint64_t>* result) { *result = {0, {212992}}; }
void wps3_udp_set_receive_buffer_size(RawHandle, uint64_t, ResultUnit* result) { result->is_error = 0; }
void wps3_udp_send_buffer_size(RawHandle, ResultOf<uint64_t>* result) { *result = {0, {212992}}; }
void wps3_udp_set_send_buffer_size(RawHandle, uint64_t, ResultUnit* result) { result->is_error = 0; }

uint32_t wps3_resolve_addresses(const char*, size_t, ResultOf<List<IpAddress>, LookupError>* result) {
  called();
  int left = world().lookup_turns;
  return call(0, [left, result]() mutable {
    if (left-- > 0) return false;
    if (world().lookup_fails) {
      result->is_error = 1;
      result->error = {};
      result->error.code = *world().lookup_fails;
      return true;
    }
    std::vector<IpAddress> found;
    for (const SocketAddress& address : world().addresses) {
      IpSocketAddress wide = {};
      posix_sockets::host::to_wit(address, wide);
      IpAddress narrow = {};
      narrow.family = wide.family;
      if (address.family == Family::ipv4) {
        std::memcpy(narrow.v4, wide.v4.address, sizeof narrow.v4);
      } else {
        std::memcpy(narrow.v6, wide.v6.address, sizeof narrow.v6);
      }
      found.push_back(narrow);
    }
    result->is_error = 0;
    result->value = give_list(found.data(), found.size());
    return true;
  });
}
}

}  // namespace fake3
