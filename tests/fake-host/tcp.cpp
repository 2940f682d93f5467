// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// wasi:sockets/tcp: the states of a socket, and listeners' queues.
#include "tcp.h"

#include <algorithm>

namespace fake {

std::vector<TcpSocket*>& tcp_sockets() {
  static auto* only = new std::vector<TcpSocket*>;
  return *only;
}

TcpSocket::TcpSocket(Family family) : Resource(its_kind), family(family) { tcp_sockets().push_back(this); }
TcpSocket::~TcpSocket() {
  std::erase(tcp_sockets(), this);
  if (connection) connection->closed = true;
}

namespace {

bool is_local(const SocketAddress& address) {
  return address.is_unspecified() || address.is_loopback() || address == ipv4("10.0.0.1", address.port);
}

bool is_taken(const SocketAddress& address, const TcpSocket* except) {
  const auto& ports = host().ports_in_use;
  if (std::find(ports.begin(), ports.end(), address.port) != ports.end()) return true;
  return std::any_of(tcp_sockets().begin(), tcp_sockets().end(), [&](const TcpSocket* other) {
    return other != except && other->family == address.family && other->local.port == address.port &&
           (other->state == TcpState::bound || other->state == TcpState::listening);
  });
}

// The SYN leaves when somebody first asks how it goes.
void set_off(TcpSocket& socket) {
  if (socket.state != TcpState::connecting || socket.syn_sent) return;
  socket.syn_sent = true;
  if (socket.plan.never) return;
  const RawHandle handle = socket.handle;
  host().after(socket.plan.delay, [handle] {
    for (TcpSocket* each : tcp_sockets())
      if (each->handle == handle) each->outcome = true;
  });
}

std::optional<ErrorCode> refused_address(const SocketAddress& address, Family family) {
  if (address.family != family || address.is_multicast() || address.is_ipv4_broadcast() || address.is_ipv4_mapped())
    return ErrorCode::invalid_argument;
  return std::nullopt;
}

}  // namespace

Peer Host::connects_to(TcpSocket& listener) {
  auto connection = std::make_shared<Connection>();
  connection->guest = SocketAddress::loopback(listener.family, listener.local.port);
  connection->peer = SocketAddress::loopback(listener.family, take_port());
  listener.queue.push_back({connection, std::nullopt});
  return connection;
}

Peer Host::connects_to(uint16_t port) {
  for (TcpSocket* listener : tcp_sockets())
    if (listener->state == TcpState::listening && listener->local.port == port) return connects_to(*listener);
  return nullptr;
}

void Host::aborts_to(uint16_t port, ErrorCode error) {
  for (TcpSocket* listener : tcp_sockets())
    if (listener->state == TcpState::listening && listener->local.port == port)
      listener->queue.push_back({nullptr, error});
}

}  // namespace fake

using namespace fake;

extern "C" {

void wps_create_tcp_socket(int32_t family, raw::ResultOf<RawHandle>* result) {
  called("create-tcp-socket");
  if (auto error = planned("create-tcp-socket")) return refuse(result, *error);
  if (family == 1 && !host().has_ipv6) return refuse(result, ErrorCode::not_supported);
  if (!host().grants_network) return refuse(result, ErrorCode::access_denied);
  if (static_cast<int>(tcp_sockets().size()) >= host().socket_limit) return refuse(result, ErrorCode::new_socket_limit);
  auto socket = std::make_unique<TcpSocket>(static_cast<Family>(family));
  TcpSocket& made = *socket;
  result->value = made.handle = add(std::move(socket));
}

void wps_tcp_socket_drop(RawHandle handle) { drop(handle, Kind::tcp_socket); }

void wps_tcp_start_bind(RawHandle handle, RawHandle network, FAKE_FLAT, raw::ResultUnit* result) {
  called("tcp-socket.start-bind");
  TcpSocket& socket = get<TcpSocket>(handle);
  check_network(network);
  SocketAddress address = unflatten(FAKE_FLAT_ARGUMENTS);
  if (auto error = planned("tcp-socket.start-bind")) return refuse(result, *error);
  if (auto error = refused_address(address, socket.family)) return refuse(result, *error);
  if (socket.state != TcpState::fresh) return refuse(result, ErrorCode::invalid_state);
  if (!is_local(address)) return refuse(result, ErrorCode::address_not_bindable);
  if (address.port == 0) {
    address.port = take_port();
  } else if (is_taken(address, &socket)) {
    return refuse(result, ErrorCode::address_in_use);
  }
  socket.local = address;
  socket.state = TcpState::bind_started;
}

void wps_tcp_finish_bind(RawHandle handle, raw::ResultUnit* result) {
  called("tcp-socket.finish-bind");
  TcpSocket& socket = get<TcpSocket>(handle);
  if (auto error = planned("tcp-socket.finish-bind")) {
    if (*error != ErrorCode::would_block && socket.state == TcpState::bind_started) socket.state = TcpState::fresh;
    return refuse(result, *error);
  }
  if (socket.state != TcpState::bind_started) return refuse(result, ErrorCode::not_in_progress);
  socket.state = TcpState::bound;
}

void wps_tcp_start_connect(RawHandle handle, RawHandle network, FAKE_FLAT, raw::ResultUnit* result) {
  called("tcp-socket.start-connect");
  TcpSocket& socket = get<TcpSocket>(handle);
  check_network(network);
  const SocketAddress address = unflatten(FAKE_FLAT_ARGUMENTS);
  if (auto error = planned("tcp-socket.start-connect")) return refuse(result, *error);
  if (socket.state == TcpState::connecting) return refuse(result, ErrorCode::concurrency_conflict);
  if (socket.state != TcpState::fresh && socket.state != TcpState::bound)
    return refuse(result, ErrorCode::invalid_state);
  if (auto error = refused_address(address, socket.family)) return refuse(result, *error);
  if (address.is_unspecified() || address.port == 0) return refuse(result, ErrorCode::invalid_argument);
  socket.plan = {};
  if (!host().connects.empty()) {
    socket.plan = host().connects.front();
    host().connects.pop_front();
  }
  socket.remote = address;
  socket.state = TcpState::connecting;
}

void wps_tcp_finish_connect(RawHandle handle, raw::ResultOf<raw::StreamPair>* result) {
  called("tcp-socket.finish-connect");
  TcpSocket& socket = get<TcpSocket>(handle);
  if (auto error = planned("tcp-socket.finish-connect")) {
    if (*error != ErrorCode::would_block) socket.state = TcpState::closed;
    return refuse(result, *error);
  }
  if (socket.state != TcpState::connecting) return refuse(result, ErrorCode::not_in_progress);
  if (!socket.outcome) {
    set_off(socket);
    return refuse(result, ErrorCode::would_block);
  }
  if (socket.plan.error) {
    socket.state = TcpState::closed;
    return refuse(result, *socket.plan.error);
  }
  socket.state = TcpState::connected;
  socket.connection = socket.plan.peer ? socket.plan.peer : std::make_shared<Connection>();
  if (socket.local.port == 0) socket.local = SocketAddress::loopback(socket.family, take_port());
  socket.connection->guest = socket.local;
  socket.connection->peer = socket.remote;
  host().last_connection = socket.connection;
  result->value = add_streams(handle, socket.connection);
}

void wps_tcp_start_listen(RawHandle handle, raw::ResultUnit* result) {
  called("tcp-socket.start-listen");
  TcpSocket& socket = get<TcpSocket>(handle);
  if (auto error = planned("tcp-socket.start-listen")) return refuse(result, *error);
  if (socket.state != TcpState::bound) return refuse(result, ErrorCode::invalid_state);
  socket.state = TcpState::listen_started;
}

void wps_tcp_finish_listen(RawHandle handle, raw::ResultUnit* result) {
  called("tcp-socket.finish-listen");
  TcpSocket& socket = get<TcpSocket>(handle);
  if (auto error = planned("tcp-socket.finish-listen")) {
    if (*error != ErrorCode::would_block) socket.state = TcpState::closed;
    return refuse(result, *error);
  }
  if (socket.state != TcpState::listen_started) return refuse(result, ErrorCode::not_in_progress);
  socket.state = TcpState::listening;
}

void wps_tcp_accept(RawHandle handle, raw::ResultOf<raw::AcceptedConnection>* result) {
  called("tcp-socket.accept");
  TcpSocket& listener = get<TcpSocket>(handle);
  if (auto error = planned("tcp-socket.accept")) return refuse(result, *error);
  if (listener.state != TcpState::listening) return refuse(result, ErrorCode::invalid_state);
  if (listener.queue.empty() || !spend_budget()) return refuse(result, ErrorCode::would_block);
  const TcpSocket::Waiting waiting = listener.queue.front();
  listener.queue.pop_front();
  if (waiting.error) return refuse(result, *waiting.error);
  auto socket = std::make_unique<TcpSocket>(listener.family);
  socket->state = TcpState::connected;
  socket->connection = waiting.connection;
  socket->local = waiting.connection->guest;
  socket->remote = waiting.connection->peer;
  socket->options = listener.options;
  TcpSocket& made = *socket;
  made.handle = add(std::move(socket));
  const raw::StreamPair streams = add_streams(made.handle, waiting.connection);
  result->value = {made.handle, streams.input, streams.output};
}

void wps_tcp_local_address(RawHandle handle, raw::ResultOf<raw::IpSocketAddress>* result) {
  called("tcp-socket.local-address");
  TcpSocket& socket = get<TcpSocket>(handle);
  if (auto error = planned("tcp-socket.local-address")) return refuse(result, *error);
  if (socket.state == TcpState::fresh || socket.state == TcpState::bind_started || socket.state == TcpState::closed ||
      socket.state == TcpState::connecting)
    return refuse(result, ErrorCode::invalid_state);
  wasi::to_wit(socket.local, result->value);
}

void wps_tcp_remote_address(RawHandle handle, raw::ResultOf<raw::IpSocketAddress>* result) {
  called("tcp-socket.remote-address");
  TcpSocket& socket = get<TcpSocket>(handle);
  if (auto error = planned("tcp-socket.remote-address")) return refuse(result, *error);
  if (socket.state != TcpState::connected || socket.connection->out.failure)
    return refuse(result, ErrorCode::invalid_state);
  wasi::to_wit(socket.remote, result->value);
}

void wps_tcp_shutdown(RawHandle handle, int32_t how, raw::ResultUnit* result) {
  called("tcp-socket.shutdown");
  TcpSocket& socket = get<TcpSocket>(handle);
  if (how < 0 || how > 2) trap("shutdown-type %d", how);
  if (auto error = planned("tcp-socket.shutdown")) return refuse(result, *error);
  if (socket.state != TcpState::connected) return refuse(result, ErrorCode::invalid_state);
  if (how != 1) {
    socket.connection->in.shut = true;
    socket.connection->in.data.clear();
  }
  if (how != 0) socket.connection->out.shut = true;
}

RawHandle wps_tcp_subscribe(RawHandle handle) {
  called("tcp-socket.subscribe");
  TcpSocket& socket = get<TcpSocket>(handle);
  return add_pollable(
      handle,
      [&socket] {
        if (socket.state == TcpState::listening) return !socket.queue.empty();
        if (socket.state == TcpState::connecting) return socket.outcome;
        return true;
      },
      [&socket] { set_off(socket); });
}
}
