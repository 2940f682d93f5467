// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// An established connection.
#include "wit-bindings/0.3/connection.h"

#include <stdlib.h>

#include "support/memory.h"
#include "wit-bindings/0.3/address.h"
#include "wit-bindings/0.3/tcp_handle.h"

namespace posix_sockets::host {

using namespace wasi3;

namespace parts {

bool StreamEnd::begin(RawHandle future) {
  over = true;
  if (import(future, &result) == blocked) {
    if (take_off(future)) return false;
    code = static_cast<uint8_t>(ErrorCode::out_of_memory) + 1;  // nobody will tell what it was
    known = true;
    return true;
  }
  learn();
  return true;
}

void StreamEnd::learn() {
  code = result.is_error != 0 ? static_cast<uint8_t>(static_cast<uint8_t>(take_code(result.error)) + 1) : 0;
  known = true;
}

// A connection doesn't fail without a reason, and this is the one that Linux gives for most.
Errno StreamEnd::cause() const {
  if (code == 0) return success;
  const Errno error = errno_of(static_cast<ErrorCode>(code - 1));
  return error == EIO ? Errno(ECONNRESET) : error;
}

Connection& Connection::operator=(Connection&& other) noexcept {
  if (this == &other) return *this;
  drop();
  state = other.state;
  other.state = nullptr;
  return *this;
}

void Connection::drop() {
  if (state == nullptr) return;
  state->input.drop();
  state->output.drop();
  wps3_tcp_drop(state->socket);
  destroy(state);
  state = nullptr;
}

Result<host::Connection> connect_streams(RawHandle socket) {
  StreamAndFuture in = {};
  wps3_tcp_receive(socket, &in);
  const uint64_t pair = wps3_output_new();
  const RawHandle out_end = wps3_tcp_send(socket, static_cast<RawHandle>(pair));
  host::Connection connection;
  connection.part.state = create<ConnectionState>(socket, in, static_cast<RawHandle>(pair >> 32), out_end);
  if (connection.part.state != nullptr) return connection;
  wps3_output_drop(static_cast<RawHandle>(pair >> 32));
  wps3_output_end_drop(out_end);
  wps3_input_drop(in.stream);
  wps3_input_end_drop(in.future);
  wps3_tcp_drop(socket);
  return Errno(ENOMEM);
}

}  // namespace parts

StreamResult Connection::read(void* buffer, size_t size) { return part.state->input.read(buffer, size); }
StreamResult Connection::write(const void* data, size_t size) { return part.state->output.write(data, size); }
void Connection::end_sending() { part.state->output.end_sending(); }

Result<SocketAddress> Connection::local_address() const { return tcp::local_address(part.state->socket); }
Result<SocketAddress> Connection::remote_address() const {
  const Result<SocketAddress> address = host::local_address(part.state->socket, wps3_tcp_remote_address);
  return address.ok() ? address : Errno(ENOTCONN);
}
Result<uint64_t> Connection::option(Option option) const { return tcp::option(part.state->socket, option); }
Errno Connection::set_option(Option option, uint64_t value) {
  return tcp::set_option(part.state->socket, option, value);
}

Source& Connection::readable() { return part.state->input.source.of(part.state->input); }
Source& Connection::writable() { return part.state->output.source.of(part.state->output); }

}  // namespace posix_sockets::host
