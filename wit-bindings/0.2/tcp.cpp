// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "wit-bindings/0.2/tcp.h"

#include "wit-bindings/0.2/budget.h"
#include "wit-bindings/0.2/results.h"

namespace wasi {
namespace {

Result<Unit> step(RawHandle handle, void (*import)(RawHandle, raw::ResultUnit*)) {
  raw::ResultUnit result = {};
  import(handle, &result);
  return to_result(result);
}

[[gnu::noinline]] Result<SocketAddress> address(RawHandle handle,
                                                void (*import)(RawHandle, raw::ResultOf<raw::IpSocketAddress>*)) {
  raw::ResultOf<raw::IpSocketAddress> result = {};
  import(handle, &result);
  if (result.is_error != 0) return error_code(result.error);
  return from_wit(result.value);
}

}  // namespace

Result<TcpSocket> TcpSocket::create(Family family) {
  raw::ResultOf<RawHandle> result = {};
  raw::wps_create_tcp_socket(static_cast<int32_t>(family), &result);
  if (result.is_error != 0) return error_code(result.error);
  return TcpSocket(result.value);
}

Result<Unit> TcpSocket::start_bind(const SocketAddress& address) {
  const raw::FlatAddress flat = flatten(address);
  raw::ResultUnit result = {};
  raw::wps_tcp_start_bind(borrow(), instance_network(), WPS_SPREAD(flat), &result);
  return to_result(result);
}

Result<Unit> TcpSocket::finish_bind() { return step(borrow(), raw::wps_tcp_finish_bind); }

Result<Unit> TcpSocket::start_connect(const SocketAddress& address) {
  const raw::FlatAddress flat = flatten(address);
  raw::ResultUnit result = {};
  raw::wps_tcp_start_connect(borrow(), instance_network(), WPS_SPREAD(flat), &result);
  return to_result(result);
}

Result<TcpStreams> TcpSocket::finish_connect() {
  raw::ResultOf<raw::StreamPair> result = {};
  raw::wps_tcp_finish_connect(borrow(), &result);
  if (result.is_error != 0) return error_code(result.error);
  return TcpStreams{InputStream(result.value.input), OutputStream(result.value.output)};
}

Result<Unit> TcpSocket::start_listen() { return step(borrow(), raw::wps_tcp_start_listen); }
Result<Unit> TcpSocket::finish_listen() { return step(borrow(), raw::wps_tcp_finish_listen); }

Result<AcceptedTcp> TcpSocket::accept() {
  raw::ResultOf<raw::AcceptedConnection> result = {};
  raw::wps_tcp_accept(borrow(), &result);
  if (result.is_error != 0) return error_code(result.error);
  count_success();
  return AcceptedTcp{TcpSocket(result.value.socket),
                     {InputStream(result.value.input), OutputStream(result.value.output)}};
}

Result<SocketAddress> TcpSocket::local_address() const { return address(borrow(), raw::wps_tcp_local_address); }
Result<SocketAddress> TcpSocket::remote_address() const { return address(borrow(), raw::wps_tcp_remote_address); }

Result<Unit> TcpSocket::shutdown(ShutdownType type) {
  return set<int32_t>(borrow(), static_cast<int32_t>(type), raw::wps_tcp_shutdown);
}

Pollable TcpSocket::subscribe() const { return Pollable(raw::wps_tcp_subscribe(borrow())); }

Result<Unit> TcpSocket::set_listen_backlog_size(uint64_t value) {
  return set(borrow(), value, raw::wps_tcp_set_listen_backlog_size);
}

Result<bool> TcpSocket::keep_alive_enabled() const {
  Result<uint8_t> result = get(borrow(), raw::wps_tcp_keep_alive_enabled);
  if (!result.ok()) return result.error();
  return result.value() != 0;
}
Result<Unit> TcpSocket::set_keep_alive_enabled(bool value) {
  return set<int32_t>(borrow(), value, raw::wps_tcp_set_keep_alive_enabled);
}
Result<uint64_t> TcpSocket::keep_alive_idle_time() const { return get(borrow(), raw::wps_tcp_keep_alive_idle_time); }
Result<Unit> TcpSocket::set_keep_alive_idle_time(uint64_t value) {
  return set(borrow(), value, raw::wps_tcp_set_keep_alive_idle_time);
}
Result<uint64_t> TcpSocket::keep_alive_interval() const { return get(borrow(), raw::wps_tcp_keep_alive_interval); }
Result<Unit> TcpSocket::set_keep_alive_interval(uint64_t value) {
  return set(borrow(), value, raw::wps_tcp_set_keep_alive_interval);
}
Result<uint32_t> TcpSocket::keep_alive_count() const { return get(borrow(), raw::wps_tcp_keep_alive_count); }
Result<Unit> TcpSocket::set_keep_alive_count(uint32_t value) {
  return set(borrow(), static_cast<int32_t>(value), raw::wps_tcp_set_keep_alive_count);
}
Result<uint8_t> TcpSocket::hop_limit() const { return get(borrow(), raw::wps_tcp_hop_limit); }
Result<Unit> TcpSocket::set_hop_limit(uint8_t value) {
  return set<int32_t>(borrow(), value, raw::wps_tcp_set_hop_limit);
}
Result<uint64_t> TcpSocket::receive_buffer_size() const { return get(borrow(), raw::wps_tcp_receive_buffer_size); }
Result<Unit> TcpSocket::set_receive_buffer_size(uint64_t value) {
  return set(borrow(), value, raw::wps_tcp_set_receive_buffer_size);
}
Result<uint64_t> TcpSocket::send_buffer_size() const { return get(borrow(), raw::wps_tcp_send_buffer_size); }
Result<Unit> TcpSocket::set_send_buffer_size(uint64_t value) {
  return set(borrow(), value, raw::wps_tcp_set_send_buffer_size);
}

}  // namespace wasi
