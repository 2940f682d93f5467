// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A TCP socket that listens: apart from the others, for programs that never do.
#include "wit-bindings/0.2/budget.h"
#include "wit-bindings/0.2/errno_of.h"
#include "wit-bindings/0.2/results.h"
#include "wit-bindings/0.2/tcp_handle.h"
#include "wit-bindings/host.h"

namespace posix_sockets::host {

using namespace wasi::raw;
using Started = parts::TcpSocket::Started;

namespace {

void set_host_backlog(wasi::RawHandle socket, uint64_t backlog) {
  ResultUnit result = {};
  wps_tcp_set_listen_backlog_size(socket, backlog, &result);
}

}  // namespace

Result<Listener> TcpSocket::listen(uint64_t backlog) {
  ResultUnit result = {};
  if (part.started != Started::listen) {
    set_host_backlog(part.socket.borrow(), backlog);
    wps_tcp_start_listen(part.socket.borrow(), &result);
  }
  if (result.is_error == 0) wps_tcp_finish_listen(part.socket.borrow(), &result);
  if (result.is_error != 0) {
    const Errno error = errno_of(wasi::error_code(result.error));
    part.started = error == EAGAIN ? Started::listen : Started::nothing;
    return error;
  }
  part.started = Started::nothing;
  Listener listener;
  listener.part = static_cast<parts::TcpSocket&&>(part);
  return listener;
}

Result<Connection> Listener::accept() {
  ResultOf<AcceptedConnection> result = {};
  wps_tcp_accept(part.socket.borrow(), &result);
  if (result.is_error != 0) return errno_of_new_socket(wasi::error_code(result.error));
  wasi::count_success();
  Connection connection;
  connection.part.socket = decltype(connection.part.socket)(result.value.socket);
  connection.part.input = decltype(connection.part.input)(result.value.input);
  connection.part.output = decltype(connection.part.output)(result.value.output);
  return connection;
}

void Listener::set_backlog(uint64_t backlog) { set_host_backlog(part.socket.borrow(), backlog); }
Result<SocketAddress> Listener::local_address() const { return tcp::local_address(part.socket.borrow()); }
Result<uint64_t> Listener::option(Option option) const { return tcp::option(part.socket.borrow(), option); }
Errno Listener::set_option(Option option, uint64_t value) {
  return tcp::set_option(part.socket.borrow(), option, value);
}
Source& Listener::acceptable() { return part.source.of(part.socket.borrow(), wps_tcp_subscribe); }

}  // namespace posix_sockets::host
