// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A UDP socket: names, options, whom it talks to.
#include "wit-bindings/0.3/datagram_socket.h"

#include <stdlib.h>

#include "support/memory.h"
#include "wit-bindings/0.3/address.h"

namespace posix_sockets::host {

using namespace wasi3;

parts::DatagramSocket& parts::DatagramSocket::operator=(DatagramSocket&& other) noexcept {
  if (this == &other) return *this;
  drop();
  state = other.state;
  other.state = nullptr;
  return *this;
}

bool parts::DatagramSocket::is_open() const { return state != nullptr && state->is_open; }

void parts::DatagramSocket::drop_streams() {
  if (state == nullptr) return;
  state->receiving.drop();
  state->sending.drop();
  state->is_open = false;
}

void parts::DatagramSocket::drop() {
  if (state == nullptr) return;
  drop_streams();
  wps3_udp_drop(state->socket);
  destroy(state);
  state = nullptr;
}

Result<DatagramSocket> DatagramSocket::create(Family family) {
  ResultOf<RawHandle> result = {};
  wps3_udp_create(static_cast<int32_t>(family), &result);
  if (result.is_error != 0) return errno_of_new_socket(take_code(result.error));
  DatagramSocket socket;
  socket.part.state = posix_sockets::create<parts::DatagramState>(result.value);
  if (socket.part.state != nullptr) return socket;
  wps3_udp_drop(result.value);
  return Errno(ENOMEM);
}

Errno DatagramSocket::bind(const SocketAddress& address) {
  const FlatAddress flat = flatten(address);
  ResultUnit result = {};
  wps3_udp_bind(part.state->socket, WPS_SPREAD(flat), &result);
  if (result.is_error == 0) return success;
  const ErrorCode code = take_code(result.error);
  return code == ErrorCode::invalid_argument ? Errno(EADDRNOTAVAIL) : errno_of(code);
}

Errno DatagramSocket::connect(const SocketAddress* remote) {
  part.drop_streams();
  parts::DatagramState& state = *part.state;
  ResultUnit result = {};
  if (remote != nullptr) {
    const FlatAddress flat = flatten(*remote);
    wps3_udp_connect(state.socket, WPS_SPREAD(flat), &result);
  } else if (state.is_connected) {
    wps3_udp_disconnect(state.socket, &result);
  }
  if (result.is_error != 0) {
    const ErrorCode code = take_code(result.error);
    return code == ErrorCode::remote_unreachable ? Errno(ENETUNREACH) : errno_of(code);  // routing says it
  }
  state.is_connected = remote != nullptr;
  state.is_open = true;
  return success;
}

Result<SocketAddress> DatagramSocket::local_address() const {
  return host::local_address(part.state->socket, wps3_udp_local_address);
}

Result<uint64_t> DatagramSocket::option(Option option) const {
  const RawHandle socket = part.state->socket;
  switch (option) {
    case Option::hop_limit:
      return get_number(socket, wps3_udp_hop_limit);
    case Option::receive_buffer_size:
      return get_number(socket, wps3_udp_receive_buffer_size);
    case Option::send_buffer_size:
      return get_number(socket, wps3_udp_send_buffer_size);
    default:
      return Errno(ENOPROTOOPT);
  }
}

Errno DatagramSocket::set_option(Option option, uint64_t value) {
  const RawHandle socket = part.state->socket;
  Errno error = ENOPROTOOPT;
  switch (option) {
    case Option::hop_limit:
      error = set_number(socket, static_cast<int32_t>(static_cast<uint8_t>(value)), wps3_udp_set_hop_limit);
      break;
    case Option::receive_buffer_size:
      error = set_number(socket, value, wps3_udp_set_receive_buffer_size);
      break;
    case Option::send_buffer_size:
      error = set_number(socket, value, wps3_udp_set_send_buffer_size);
      break;
    default:
      break;
  }
  return error == EOPNOTSUPP ? Errno(ENOPROTOOPT) : error;
}

}  // namespace posix_sockets::host
