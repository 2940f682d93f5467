// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cstring>

#include "table.h"
#include "wit-bindings/0.3/address.h"

namespace fake3 {

using namespace wasi3;

namespace {

uint16_t next_port = 40000;

std::optional<uint32_t> take_bytes(Inbox& inbox, void* buffer, size_t size) {
  if (!inbox.data.empty()) {
    const size_t taken = std::min(size, inbox.data.size());
    std::memcpy(buffer, inbox.data.data(), taken);
    inbox.data.erase(0, taken);
    return completed(taken);
  }
  if (inbox.finished) return dropped(0);
  return std::nullopt;
}

SocketAddress unflatten(int32_t family, const int32_t* slots) {
  IpSocketAddress address = {};
  address.family = static_cast<uint8_t>(family);
  if (address.family == static_cast<uint8_t>(Family::ipv4)) {
    address.v4.port = static_cast<uint16_t>(slots[0]);
    for (int i = 0; i < 4; ++i) address.v4.address[i] = static_cast<uint8_t>(slots[1 + i]);
  } else {
    address.v6.port = static_cast<uint16_t>(slots[0]);
    address.v6.flow_info = static_cast<uint32_t>(slots[1]);
    for (int i = 0; i < 8; ++i) address.v6.address[i] = static_cast<uint16_t>(slots[2 + i]);
    address.v6.scope_id = static_cast<uint32_t>(slots[10]);
  }
  return posix_sockets::host::from_wit(address);
}

void give_address(const SocketAddress& address, ResultOf<IpSocketAddress>* result) {
  result->is_error = 0;
  posix_sockets::host::to_wit(address, result->value);
}

}  // namespace

extern "C" {

void wps3_tcp_create(int32_t, ResultOf<RawHandle>* result) {
  called();
  if (world().next_create_fails) {
    refuse(result, *world().next_create_fails);
    world().next_create_fails.reset();
    return;
  }
  result->is_error = 0;
  result->value = add(std::make_unique<Tcp>());
}
void wps3_tcp_drop(RawHandle socket) {
  called();
  check_not_borrowed(socket);
  auto& tcp = get<Tcp>(socket);
  if (tcp.peer != nullptr) tcp.peer->closed = true;
  drop(socket, Kind::tcp);
}

#define FLAT                                                                                                      \
  int32_t family, int32_t a0, int32_t a1, int32_t a2, int32_t a3, int32_t a4, int32_t a5, int32_t a6, int32_t a7, \
      int32_t a8, int32_t a9, int32_t a10
#define SLOTS const int32_t slots[] = {a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10}

void wps3_tcp_bind(RawHandle socket, FLAT, ResultUnit* result) {
  called();
  SLOTS;
  auto& tcp = get<Tcp>(socket);
  result->is_error = 0;
  if (tcp.state != Tcp::State::fresh) return refuse(result, ErrorCode::invalid_state);
  tcp.local = unflatten(family, slots);
  if (tcp.local.port == 0) tcp.local.port = next_port++;
  tcp.state = Tcp::State::bound;
}

uint32_t wps3_tcp_connect(const ConnectArguments* arguments, ResultUnit* result) {
  called();
  auto& tcp = get<Tcp>(arguments->self);
  if (tcp.state != Tcp::State::fresh && tcp.state != Tcp::State::bound) {
    refuse(result, ErrorCode::invalid_state);
    return static_cast<uint32_t>(wasi3::Subtask::returned);
  }
  World::ConnectPlan plan{0, ErrorCode::connection_refused, {}};
  if (!world().connects.empty()) {
    plan = world().connects.front();
    world().connects.pop_front();
  }
  tcp.state = Tcp::State::connecting;
  const RawHandle socket = arguments->self;
  const SocketAddress remote = posix_sockets::host::from_wit(arguments->remote);
  int left = plan.turns;
  return call(socket, [=]() mutable {
    if (left-- > 0) return false;
    auto& connected = get<Tcp>(socket);
    if (plan.failure) {
      connected.state = Tcp::State::failed;
      refuse(result, *plan.failure);
      return true;
    }
    if (connected.local.port == 0) connected.local = SocketAddress::loopback(remote.family, next_port++);
    connected.state = Tcp::State::connected;
    connected.peer = plan.peer;
    connected.peer->local = connected.local;
    connected.peer->remote = remote;
    result->is_error = 0;
    return true;
  });
}

void wps3_tcp_listen(RawHandle socket, ResultOf<RawHandle>* result) {
  called();
  auto& tcp = get<Tcp>(socket);
  if (tcp.state == Tcp::State::listening) return refuse(result, ErrorCode::invalid_state);
  tcp.state = Tcp::State::listening;
  const SocketAddress local = tcp.local;
  result->is_error = 0;
  result->value = add(std::make_unique<StreamIn>([local](void* buffer, size_t) -> std::optional<uint32_t> {
    if (world().arriving.empty()) return std::nullopt;
    auto accepted = std::make_unique<Tcp>();
    accepted->peer = world().arriving.front();
    world().arriving.pop_front();
    accepted->state = Tcp::State::connected;
    accepted->local = accepted->peer->local = local;
    accepted->peer->remote = SocketAddress::loopback(local.family, next_port++);
    *static_cast<RawHandle*>(buffer) = add(std::move(accepted));
    return completed(1);
  }));
}

RawHandle wps3_tcp_send(RawHandle socket, RawHandle stream) {
  called();
  auto& tcp = get<Tcp>(socket);
  const RawHandle writable = get<StreamEnd>(stream).writable;
  drop(stream, Kind::stream_end);
  if (tcp.peer == nullptr || tcp.sends) trap("send of what isn't connected, or a second one");
  tcp.sends = true;
  get<StreamOut>(writable).peer = tcp.peer;
  return add(std::make_unique<Future>([peer = tcp.peer](ResultUnit& result) {
    result.is_error = 0;
    if (peer->broken) refuse(&result, ErrorCode::connection_reset);
    return peer->broken || peer->has_fin;
  }));
}

void wps3_tcp_receive(RawHandle socket, StreamAndFuture* pair) {
  called();
  auto& tcp = get<Tcp>(socket);
  if (tcp.peer == nullptr || tcp.receives) trap("receive of what isn't connected, or a second one");
  tcp.receives = true;
  pair->stream = add(std::make_unique<StreamIn>(
      [peer = tcp.peer](void* buffer, size_t size) { return take_bytes(peer->in, buffer, size); }));
  pair->future = add(std::make_unique<Future>([peer = tcp.peer](ResultUnit& result) {
    result.is_error = 0;
    if (peer->in.failure) refuse(&result, *peer->in.failure);
    return peer->in.finished;
  }));
}

void wps3_tcp_local_address(RawHandle socket, ResultOf<IpSocketAddress>* result) {
  called();
  auto& tcp = get<Tcp>(socket);
  if (tcp.state == Tcp::State::fresh) return refuse(result, ErrorCode::invalid_state);
  give_address(tcp.local, result);
}
void wps3_tcp_remote_address(RawHandle socket, ResultOf<IpSocketAddress>* result) {
  called();
  auto& tcp = get<Tcp>(socket);
  if (tcp.peer == nullptr || tcp.peer->broken) return refuse(result, ErrorCode::invalid_state);
  give_address(tcp.peer->remote, result);
}
void wps3_tcp_set_backlog(RawHandle socket, uint64_t, ResultUnit* result) {
  called();
  (void)get<Tcp>(socket);
  result->is_error = 0;
}

uint32_t wps3_input_read(RawHandle stream, void* buffer, size_t size) {
  called();
  return get<StreamIn>(stream).read(buffer, size);
}
uint32_t wps3_input_cancel(RawHandle stream) {
  called();
  return get<StreamIn>(stream).cancel();
}
void wps3_input_drop(RawHandle stream) {
  called();
  drop(stream, Kind::stream_in);
}
uint32_t wps3_accept_read(RawHandle stream, RawHandle* connection, size_t size) {
  called();
  return get<StreamIn>(stream).read(connection, size);
}
uint32_t wps3_accept_cancel(RawHandle stream) {
  called();
  return get<StreamIn>(stream).cancel();
}
void wps3_accept_drop(RawHandle stream) {
  called();
  drop(stream, Kind::stream_in);
}
uint32_t wps3_stdin_read(RawHandle stream, void* buffer, size_t size) {
  called();
  return get<StreamIn>(stream).read(buffer, size);
}
void wps3_stdin(StreamAndFuture* pair) {
  called();
  pair->stream = add(std::make_unique<StreamIn>(
      [](void* buffer, size_t size) { return take_bytes(world().standard_input, buffer, size); }));
  pair->future = add(std::make_unique<Future>([](ResultUnit&) { return false; }));
}

uint64_t wps3_output_new() {
  called();
  const RawHandle writable = add(std::make_unique<StreamOut>());
  return static_cast<uint64_t>(writable) << 32 | add(std::make_unique<StreamEnd>(writable));
}
uint32_t wps3_output_write(RawHandle stream, const void* data, size_t size) {
  called();
  return get<StreamOut>(stream).write(data, size);
}
uint32_t wps3_output_cancel(RawHandle stream) {
  called();
  return get<StreamOut>(stream).cancel();
}
void wps3_output_drop(RawHandle stream) {
  called();
  auto& out = get<StreamOut>(stream);
  if (out.peer != nullptr) out.peer->has_fin = true;
  drop(stream, Kind::stream_out);
}
uint32_t wps3_input_end_read(RawHandle future, ResultUnit* result) {
  called();
  return get<Future>(future).read(result);
}
uint32_t wps3_input_end_cancel(RawHandle future) {
  called();
  return get<Future>(future).cancel();
}
void wps3_input_end_drop(RawHandle future) {
  called();
  drop(future, Kind::future);
}
uint32_t wps3_output_end_read(RawHandle future, ResultUnit* result) { return wps3_input_end_read(future, result); }
uint32_t wps3_output_end_cancel(RawHandle future) { return wps3_input_end_cancel(future); }
void wps3_output_end_drop(RawHandle future) { wps3_input_end_drop(future); }
}

}  // namespace fake3
