// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A UDP socket: names, options, whom it talks to.
#include "wit-bindings/0.2/errno_of.h"
#include "wit-bindings/0.2/network.h"
#include "wit-bindings/0.2/results.h"
#include "wit-bindings/host.h"

namespace posix_sockets::host {

using namespace wasi::raw;

parts::DatagramSocket::~DatagramSocket() = default;
parts::DatagramSocket::DatagramSocket(DatagramSocket&& other) noexcept { *this = static_cast<DatagramSocket&&>(other); }

parts::DatagramSocket& parts::DatagramSocket::operator=(DatagramSocket&& other) noexcept {
  readable = static_cast<Source&&>(other.readable);
  writable = static_cast<Source&&>(other.writable);
  incoming = static_cast<decltype(incoming)&&>(other.incoming);
  outgoing = static_cast<decltype(outgoing)&&>(other.outgoing);
  socket = static_cast<decltype(socket)&&>(other.socket);
  refusal = other.refusal;
  retry_at = other.retry_at;
  retry = static_cast<Source&&>(other.retry);
  is_connected = other.is_connected;
  return *this;
}

void parts::DatagramSocket::drop_streams() {
  readable.reset();
  writable.reset();
  incoming.reset();
  outgoing.reset();
}

Result<DatagramSocket> DatagramSocket::create(Family family) {
  ResultOf<wasi::RawHandle> result = {};
  wps_create_udp_socket(static_cast<int32_t>(family), &result);
  if (result.is_error != 0) return errno_of_new_socket(wasi::error_code(result.error));
  Result<DatagramSocket> made = success;  // with one that is empty yet
  made.value().part.socket = decltype(made.value().part.socket)(result.value);
  return made;
}

Errno DatagramSocket::bind(const SocketAddress& address) {
  const FlatAddress flat = wasi::flatten(address);
  ResultUnit result = {};
  wps_udp_start_bind(part.socket.borrow(), wasi::instance_network(), WPS_SPREAD(flat), &result);
  if (result.is_error == 0) wps_udp_finish_bind(part.socket.borrow(), &result);
  return errno_of_bind(result);
}

Errno DatagramSocket::connect(const SocketAddress* remote) {
  const FlatAddress flat = remote != nullptr ? wasi::flatten(*remote) : FlatAddress{};
  ResultOf<StreamPair> result = {};
  part.drop_streams();
  part.is_connected = remote != nullptr;
  wps_udp_stream(part.socket.borrow(), remote != nullptr, WPS_SPREAD(flat), &result);
  if (result.is_error != 0) {
    const wasi::ErrorCode code = wasi::error_code(result.error);
    return code == wasi::ErrorCode::remote_unreachable ? Errno(ENETUNREACH) : errno_of(code);  // routing says it
  }
  part.incoming = decltype(part.incoming)(result.value.input);
  part.outgoing = decltype(part.outgoing)(result.value.output);
  return success;
}

Result<SocketAddress> DatagramSocket::local_address() const {
  ResultOf<IpSocketAddress> result = {};
  wps_udp_local_address(part.socket.borrow(), &result);
  if (result.is_error != 0) return errno_of(wasi::error_code(result.error));
  return wasi::from_wit(result.value);
}

Result<uint64_t> DatagramSocket::option(Option option) const {
  const wasi::RawHandle socket = part.socket.borrow();
  switch (option) {
    case Option::hop_limit:
      return get_number(socket, wps_udp_unicast_hop_limit);
    case Option::receive_buffer_size:
      return get_number(socket, wps_udp_receive_buffer_size);
    case Option::send_buffer_size:
      return get_number(socket, wps_udp_send_buffer_size);
    default:
      return Errno(ENOPROTOOPT);
  }
}

Errno DatagramSocket::set_option(Option option, uint64_t value) {
  const wasi::RawHandle socket = part.socket.borrow();
  Errno error = ENOPROTOOPT;
  switch (option) {
    case Option::hop_limit:
      error = set_number(socket, static_cast<int32_t>(static_cast<uint8_t>(value)), wps_udp_set_unicast_hop_limit);
      break;
    case Option::receive_buffer_size:
      error = set_number(socket, value, wps_udp_set_receive_buffer_size);
      break;
    case Option::send_buffer_size:
      error = set_number(socket, value, wps_udp_set_send_buffer_size);
      break;
    default:
      break;
  }
  return error == EOPNOTSUPP ? Errno(ENOPROTOOPT) : error;
}

}  // namespace posix_sockets::host
