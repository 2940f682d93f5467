// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// wasi:sockets/tcp: the attributes.
#include "tcp.h"

using namespace fake;

namespace {

template <class T>
void read(RawHandle handle, const char* import, T TcpSocket::Options::* member, raw::ResultOf<T>* result) {
  called(import);
  TcpSocket& socket = get<TcpSocket>(handle);
  if (auto error = planned(import)) return refuse(result, *error);
  if (!socket.has_kernel_socket()) return refuse(result, ErrorCode::invalid_state);
  result->value = socket.options.*member;
}

template <class T>
void write(RawHandle handle, const char* import, T TcpSocket::Options::* member, T value, bool takes_zero,
           raw::ResultUnit* result) {
  called(import);
  TcpSocket& socket = get<TcpSocket>(handle);
  if (auto error = planned(import)) return refuse(result, *error);
  if (value == 0 && !takes_zero) return refuse(result, ErrorCode::invalid_argument);
  if (!socket.has_kernel_socket()) return refuse(result, ErrorCode::invalid_state);
  socket.options.*member = value;
}

}  // namespace

#define FAKE_OPTION(name, import, type, lowered, member, takes_zero)                                           \
  void wps_tcp_##name(RawHandle handle, raw::ResultOf<type>* result) {                                         \
    read(handle, "tcp-socket." import, &TcpSocket::Options::member, result);                                   \
  }                                                                                                            \
  void wps_tcp_set_##name(RawHandle handle, lowered value, raw::ResultUnit* result) {                          \
    if (static_cast<uint64_t>(static_cast<std::make_unsigned_t<lowered>>(value)) != static_cast<type>(value))  \
      trap("value out of range for tcp-socket.set-" import);                                                   \
    write(handle, "tcp-socket.set-" import, &TcpSocket::Options::member, static_cast<type>(value), takes_zero, \
          result);                                                                                             \
  }

extern "C" {

FAKE_OPTION(keep_alive_enabled, "keep-alive-enabled", uint8_t, int32_t, keep_alive, true)
FAKE_OPTION(keep_alive_idle_time, "keep-alive-idle-time", uint64_t, uint64_t, idle_time, false)
FAKE_OPTION(keep_alive_interval, "keep-alive-interval", uint64_t, uint64_t, interval, false)
FAKE_OPTION(keep_alive_count, "keep-alive-count", uint32_t, int32_t, count, false)
FAKE_OPTION(hop_limit, "hop-limit", uint8_t, int32_t, hop_limit, false)
FAKE_OPTION(receive_buffer_size, "receive-buffer-size", uint64_t, uint64_t, receive_buffer, false)
FAKE_OPTION(send_buffer_size, "send-buffer-size", uint64_t, uint64_t, send_buffer, false)

void wps_tcp_set_listen_backlog_size(RawHandle handle, uint64_t value, raw::ResultUnit* result) {
  write(handle, "tcp-socket.set-listen-backlog-size", &TcpSocket::Options::backlog, value, false, result);
}
}
