// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A TCP socket before there is a connection: bind, connect.
#include "wit-bindings/0.2/errno_of.h"
#include "wit-bindings/0.2/network.h"
#include "wit-bindings/0.2/results.h"
#include "wit-bindings/0.2/tcp_handle.h"
#include "wit-bindings/host.h"

namespace posix_sockets::host {

using namespace wasi::raw;
using Started = parts::TcpSocket::Started;

parts::TcpSocket::TcpSocket(TcpSocket&& other) noexcept = default;
parts::TcpSocket::~TcpSocket() = default;
parts::TcpSocket& parts::TcpSocket::operator=(TcpSocket&& other) noexcept {
  source = static_cast<Source&&>(other.source);
  socket = static_cast<decltype(socket)&&>(other.socket);
  started = other.started;
  return *this;
}

Result<TcpSocket> TcpSocket::create(Family family) {
  ResultOf<wasi::RawHandle> result = {};
  wps_create_tcp_socket(static_cast<int32_t>(family), &result);
  if (result.is_error != 0) return errno_of_new_socket(wasi::error_code(result.error));
  TcpSocket socket;
  socket.part.socket = decltype(socket.part.socket)(result.value);
  return socket;
}

Errno TcpSocket::bind(const SocketAddress& address) {
  ResultUnit result = {};
  if (part.started != Started::bind) {
    const FlatAddress flat = wasi::flatten(address);
    wps_tcp_start_bind(part.socket.borrow(), wasi::instance_network(), WPS_SPREAD(flat), &result);
  }
  if (result.is_error == 0) wps_tcp_finish_bind(part.socket.borrow(), &result);
  const Errno error = errno_of_bind(result);
  part.started = error == EAGAIN ? Started::bind : Started::nothing;
  return error;
}

Result<Connecting> TcpSocket::connect(const SocketAddress& remote) {
  const FlatAddress flat = wasi::flatten(remote);
  ResultUnit result = {};
  wps_tcp_start_connect(part.socket.borrow(), wasi::instance_network(), WPS_SPREAD(flat), &result);
  if (result.is_error != 0) return errno_of(wasi::error_code(result.error));
  Connecting connecting;
  connecting.part = static_cast<parts::TcpSocket&&>(part);
  return connecting;
}

Result<SocketAddress> TcpSocket::local_address() const { return tcp::local_address(part.socket.borrow()); }
Result<uint64_t> TcpSocket::option(Option option) const { return tcp::option(part.socket.borrow(), option); }
Errno TcpSocket::set_option(Option option, uint64_t value) {
  return tcp::set_option(part.socket.borrow(), option, value);
}
Source& TcpSocket::progress() { return part.source.of(part.socket.borrow(), wps_tcp_subscribe); }

Result<Connection> Connecting::finish() {
  ResultOf<StreamPair> result = {};
  wps_tcp_finish_connect(part.socket.borrow(), &result);
  if (result.is_error != 0) return errno_of_answer(wasi::error_code(result.error));
  part.source.reset();
  Connection connection;
  connection.part.socket = static_cast<decltype(part.socket)&&>(part.socket);
  connection.part.input = decltype(connection.part.input)(result.value.input);
  connection.part.output = decltype(connection.part.output)(result.value.output);
  return connection;
}

Result<SocketAddress> Connecting::local_address() const { return tcp::local_address(part.socket.borrow()); }
Source& Connecting::finished() { return part.source.of(part.socket.borrow(), wps_tcp_subscribe); }

}  // namespace posix_sockets::host
