// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The imports as the canonical ABI lowers them, and the layouts of their return areas. This is the seam: a native build
// links other definitions of these functions (the fake host of the tests). Only the .cpp files of this folder call them.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "wit-bindings/0.2/drops.h"

namespace wasi::raw {

// list<T> and string as the host writes them: memory from cabi_realloc.
template <class T>
struct List {
  T* data;
  size_t length;
};

struct Ipv4SocketAddress {
  uint16_t port;
  uint8_t address[4];
};
struct Ipv6SocketAddress {
  uint16_t port;
  uint32_t flow_info;
  uint16_t address[8];
  uint32_t scope_id;
};
struct IpSocketAddress {
  uint8_t family;  // ip-address-family
  union {
    Ipv4SocketAddress v4;
    Ipv6SocketAddress v6;
  };
};
struct IpAddress {
  uint8_t family;
  union {
    uint8_t v4[4];
    uint16_t v6[8];
  };
};

// Flat form of variant ip-socket-address as parameters: the joined cases, unused ones 0.
struct FlatAddress {
  int32_t family;
  int32_t slots[11];
};

template <class T>
struct ResultOf {
  uint8_t is_error;
  union {
    T value;
    uint8_t error;  // error-code
  };
};
struct ResultUnit {
  uint8_t is_error;
  uint8_t error;
};

struct StreamError {
  uint8_t is_closed;  // 0: last-operation-failed(error), 1: closed
  RawHandle error;
};
template <class T>
struct StreamResultOf {
  uint8_t is_error;
  union {
    T value;
    StreamError error;
  };
};
struct StreamResultUnit {
  uint8_t is_error;
  StreamError error;
};

struct StreamPair {
  RawHandle input;
  RawHandle output;
};
struct AcceptedConnection {
  RawHandle socket;
  RawHandle input;
  RawHandle output;
};
struct OptionIpAddress {
  uint8_t is_some;
  IpAddress value;
};
struct IncomingDatagram {
  List<uint8_t> data;
  IpSocketAddress remote_address;
};
struct OptionIpSocketAddress {
  uint8_t is_some;
  IpSocketAddress value;
};
struct OutgoingDatagram {
  List<const uint8_t> data;
  OptionIpSocketAddress remote_address;
};

#if defined(__wasm32__)
static_assert(sizeof(ResultOf<IpSocketAddress>) == 36 && sizeof(IncomingDatagram) == 40 &&
              sizeof(OutgoingDatagram) == 44);
static_assert(sizeof(ResultOf<OptionIpAddress>) == 22 && sizeof(StreamResultOf<uint64_t>) == 16);
#endif

extern "C" {
WASI_IMPORT(WASI_IO_ERROR, "[method]error.to-debug-string") void wps_error_to_debug_string(RawHandle, List<char>*);

WASI_IMPORT(WASI_IO_POLL, "[method]pollable.ready") int32_t wps_pollable_ready(RawHandle);
WASI_IMPORT(WASI_IO_POLL, "poll") void wps_poll(const RawHandle*, size_t, List<uint32_t>*);

WASI_IMPORT(WASI_IO_STREAMS, "[method]input-stream.read")
void wps_input_stream_read(RawHandle, uint64_t, StreamResultOf<List<uint8_t>>*);
WASI_IMPORT(WASI_IO_STREAMS, "[method]input-stream.subscribe") RawHandle wps_input_stream_subscribe(RawHandle);
WASI_IMPORT(WASI_IO_STREAMS, "[method]output-stream.check-write")
void wps_output_stream_check_write(RawHandle, StreamResultOf<uint64_t>*);
WASI_IMPORT(WASI_IO_STREAMS, "[method]output-stream.write")
void wps_output_stream_write(RawHandle, const uint8_t*, size_t, StreamResultUnit*);
WASI_IMPORT(WASI_IO_STREAMS, "[method]output-stream.subscribe") RawHandle wps_output_stream_subscribe(RawHandle);

WASI_IMPORT(WASI_MONOTONIC_CLOCK, "now") uint64_t wps_monotonic_clock_now(void);
WASI_IMPORT(WASI_MONOTONIC_CLOCK, "subscribe-instant") RawHandle wps_monotonic_clock_subscribe_instant(uint64_t);
WASI_IMPORT(WASI_MONOTONIC_CLOCK, "subscribe-duration") RawHandle wps_monotonic_clock_subscribe_duration(uint64_t);

WASI_IMPORT(WASI_CLI_STDIN, "get-stdin") RawHandle wps_get_stdin(void);
#if defined(__wasip2__)
WASI_IMPORT(WASI_CLI_STDOUT, "get-stdout") RawHandle wps_get_stdout(void);
WASI_IMPORT(WASI_CLI_STDERR, "get-stderr") RawHandle wps_get_stderr(void);
#endif

WASI_IMPORT(WASI_INSTANCE_NETWORK, "instance-network") RawHandle wps_instance_network(void);

WASI_IMPORT(WASI_NAME_LOOKUP, "[method]resolve-address-stream.resolve-next-address")
void wps_resolve_next_address(RawHandle, ResultOf<OptionIpAddress>*);
WASI_IMPORT(WASI_NAME_LOOKUP, "[method]resolve-address-stream.subscribe")
RawHandle wps_resolve_address_stream_subscribe(RawHandle);
WASI_IMPORT(WASI_NAME_LOOKUP, "resolve-addresses")
void wps_resolve_addresses(RawHandle network, const char*, size_t, ResultOf<RawHandle>*);

#define WPS_FLAT_ADDRESS \
  int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t

WASI_IMPORT(WASI_TCP_CREATE, "create-tcp-socket") void wps_create_tcp_socket(int32_t family, ResultOf<RawHandle>*);
WASI_IMPORT(WASI_TCP, "[method]tcp-socket.start-bind")
void wps_tcp_start_bind(RawHandle, RawHandle network, WPS_FLAT_ADDRESS, ResultUnit*);
WASI_IMPORT(WASI_TCP, "[method]tcp-socket.finish-bind") void wps_tcp_finish_bind(RawHandle, ResultUnit*);
WASI_IMPORT(WASI_TCP, "[method]tcp-socket.start-connect")
void wps_tcp_start_connect(RawHandle, RawHandle network, WPS_FLAT_ADDRESS, ResultUnit*);
WASI_IMPORT(WASI_TCP, "[method]tcp-socket.finish-connect")
void wps_tcp_finish_connect(RawHandle, ResultOf<StreamPair>*);
WASI_IMPORT(WASI_TCP, "[method]tcp-socket.start-listen") void wps_tcp_start_listen(RawHandle, ResultUnit*);
WASI_IMPORT(WASI_TCP, "[method]tcp-socket.finish-listen") void wps_tcp_finish_listen(RawHandle, ResultUnit*);
WASI_IMPORT(WASI_TCP, "[method]tcp-socket.accept") void wps_tcp_accept(RawHandle, ResultOf<AcceptedConnection>*);
WASI_IMPORT(WASI_TCP, "[method]tcp-socket.local-address")
void wps_tcp_local_address(RawHandle, ResultOf<IpSocketAddress>*);
WASI_IMPORT(WASI_TCP, "[method]tcp-socket.remote-address")
void wps_tcp_remote_address(RawHandle, ResultOf<IpSocketAddress>*);
WASI_IMPORT(WASI_TCP, "[method]tcp-socket.set-listen-backlog-size")
void wps_tcp_set_listen_backlog_size(RawHandle, uint64_t, ResultUnit*);
WASI_IMPORT(WASI_TCP, "[method]tcp-socket.keep-alive-enabled")
void wps_tcp_keep_alive_enabled(RawHandle, ResultOf<uint8_t>*);
WASI_IMPORT(WASI_TCP, "[method]tcp-socket.set-keep-alive-enabled")
void wps_tcp_set_keep_alive_enabled(RawHandle, int32_t, ResultUnit*);
WASI_IMPORT(WASI_TCP, "[method]tcp-socket.keep-alive-idle-time")
void wps_tcp_keep_alive_idle_time(RawHandle, ResultOf<uint64_t>*);
WASI_IMPORT(WASI_TCP, "[method]tcp-socket.set-keep-alive-idle-time")
void wps_tcp_set_keep_alive_idle_time(RawHandle, uint64_t, ResultUnit*);
WASI_IMPORT(WASI_TCP, "[method]tcp-socket.keep-alive-interval")
void wps_tcp_keep_alive_interval(RawHandle, ResultOf<uint64_t>*);
WASI_IMPORT(WASI_TCP, "[method]tcp-socket.set-keep-alive-interval")
void wps_tcp_set_keep_alive_interval(RawHandle, uint64_t, ResultUnit*);
WASI_IMPORT(WASI_TCP, "[method]tcp-socket.keep-alive-count")
void wps_tcp_keep_alive_count(RawHandle, ResultOf<uint32_t>*);
WASI_IMPORT(WASI_TCP, "[method]tcp-socket.set-keep-alive-count")
void wps_tcp_set_keep_alive_count(RawHandle, int32_t, ResultUnit*);
WASI_IMPORT(WASI_TCP, "[method]tcp-socket.hop-limit") void wps_tcp_hop_limit(RawHandle, ResultOf<uint8_t>*);
WASI_IMPORT(WASI_TCP, "[method]tcp-socket.set-hop-limit") void wps_tcp_set_hop_limit(RawHandle, int32_t, ResultUnit*);
WASI_IMPORT(WASI_TCP, "[method]tcp-socket.receive-buffer-size")
void wps_tcp_receive_buffer_size(RawHandle, ResultOf<uint64_t>*);
WASI_IMPORT(WASI_TCP, "[method]tcp-socket.set-receive-buffer-size")
void wps_tcp_set_receive_buffer_size(RawHandle, uint64_t, ResultUnit*);
WASI_IMPORT(WASI_TCP, "[method]tcp-socket.send-buffer-size")
void wps_tcp_send_buffer_size(RawHandle, ResultOf<uint64_t>*);
WASI_IMPORT(WASI_TCP, "[method]tcp-socket.set-send-buffer-size")
void wps_tcp_set_send_buffer_size(RawHandle, uint64_t, ResultUnit*);
WASI_IMPORT(WASI_TCP, "[method]tcp-socket.subscribe") RawHandle wps_tcp_subscribe(RawHandle);
WASI_IMPORT(WASI_TCP, "[method]tcp-socket.shutdown") void wps_tcp_shutdown(RawHandle, int32_t type, ResultUnit*);

WASI_IMPORT(WASI_UDP_CREATE, "create-udp-socket") void wps_create_udp_socket(int32_t family, ResultOf<RawHandle>*);
WASI_IMPORT(WASI_UDP, "[method]udp-socket.start-bind")
void wps_udp_start_bind(RawHandle, RawHandle network, WPS_FLAT_ADDRESS, ResultUnit*);
WASI_IMPORT(WASI_UDP, "[method]udp-socket.finish-bind") void wps_udp_finish_bind(RawHandle, ResultUnit*);
WASI_IMPORT(WASI_UDP, "[method]udp-socket.stream")
void wps_udp_stream(RawHandle, int32_t is_some, WPS_FLAT_ADDRESS, ResultOf<StreamPair>*);
WASI_IMPORT(WASI_UDP, "[method]udp-socket.local-address")
void wps_udp_local_address(RawHandle, ResultOf<IpSocketAddress>*);
WASI_IMPORT(WASI_UDP, "[method]udp-socket.unicast-hop-limit")
void wps_udp_unicast_hop_limit(RawHandle, ResultOf<uint8_t>*);
WASI_IMPORT(WASI_UDP, "[method]udp-socket.set-unicast-hop-limit")
void wps_udp_set_unicast_hop_limit(RawHandle, int32_t, ResultUnit*);
WASI_IMPORT(WASI_UDP, "[method]udp-socket.receive-buffer-size")
void wps_udp_receive_buffer_size(RawHandle, ResultOf<uint64_t>*);
WASI_IMPORT(WASI_UDP, "[method]udp-socket.set-receive-buffer-size")
void wps_udp_set_receive_buffer_size(RawHandle, uint64_t, ResultUnit*);
WASI_IMPORT(WASI_UDP, "[method]udp-socket.send-buffer-size")
void wps_udp_send_buffer_size(RawHandle, ResultOf<uint64_t>*);
WASI_IMPORT(WASI_UDP, "[method]udp-socket.set-send-buffer-size")
void wps_udp_set_send_buffer_size(RawHandle, uint64_t, ResultUnit*);
WASI_IMPORT(WASI_UDP, "[method]incoming-datagram-stream.receive")
void wps_incoming_datagram_stream_receive(RawHandle, uint64_t max, ResultOf<List<IncomingDatagram>>*);
WASI_IMPORT(WASI_UDP, "[method]incoming-datagram-stream.subscribe")
RawHandle wps_incoming_datagram_stream_subscribe(RawHandle);
WASI_IMPORT(WASI_UDP, "[method]outgoing-datagram-stream.check-send")
void wps_outgoing_datagram_stream_check_send(RawHandle, ResultOf<uint64_t>*);
WASI_IMPORT(WASI_UDP, "[method]outgoing-datagram-stream.send")
void wps_outgoing_datagram_stream_send(RawHandle, const OutgoingDatagram*, size_t, ResultOf<uint64_t>*);
WASI_IMPORT(WASI_UDP, "[method]outgoing-datagram-stream.subscribe")
RawHandle wps_outgoing_datagram_stream_subscribe(RawHandle);
}

}  // namespace wasi::raw
