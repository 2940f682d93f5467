// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "wit-bindings/0.3/tcp_handle.h"

namespace posix_sockets::host::tcp {

using namespace wasi3;

Result<SocketAddress> local_address(RawHandle socket) { return host::local_address(socket, wps3_tcp_local_address); }

Result<uint64_t> option(RawHandle socket, Option option) {
  switch (option) {
    case Option::keep_alive:
      return get_number(socket, wps3_tcp_keep_alive);
    case Option::keep_alive_idle_time:
      return get_number(socket, wps3_tcp_keep_alive_idle_time);
    case Option::keep_alive_interval:
      return get_number(socket, wps3_tcp_keep_alive_interval);
    case Option::keep_alive_count:
      return get_number(socket, wps3_tcp_keep_alive_count);
    case Option::hop_limit:
      return get_number(socket, wps3_tcp_hop_limit);
    case Option::receive_buffer_size:
      return get_number(socket, wps3_tcp_receive_buffer_size);
    case Option::send_buffer_size:
      return get_number(socket, wps3_tcp_send_buffer_size);
  }
  return Errno(ENOPROTOOPT);
}

Errno set_option(RawHandle socket, Option option, uint64_t value) {
  switch (option) {
    case Option::keep_alive:
      return set_number<int32_t>(socket, value != 0, wps3_tcp_set_keep_alive);
    case Option::keep_alive_idle_time:
      return set_number(socket, value, wps3_tcp_set_keep_alive_idle_time);
    case Option::keep_alive_interval:
      return set_number(socket, value, wps3_tcp_set_keep_alive_interval);
    case Option::keep_alive_count:
      return set_number(socket, static_cast<int32_t>(value), wps3_tcp_set_keep_alive_count);
    case Option::hop_limit:
      return set_number(socket, static_cast<int32_t>(static_cast<uint8_t>(value)), wps3_tcp_set_hop_limit);
    case Option::receive_buffer_size:
      return set_number(socket, value, wps3_tcp_set_receive_buffer_size);
    case Option::send_buffer_size:
      return set_number(socket, value, wps3_tcp_set_send_buffer_size);
  }
  return ENOPROTOOPT;
}

}  // namespace posix_sockets::host::tcp
