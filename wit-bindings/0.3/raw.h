// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The imports of WASI 0.3 as the canonical ABI lowers them, the built-ins of its asynchronous part, and the layouts of what they
// write. This is the seam: tests link other definitions of these functions. Only the .cpp files of this folder call them.
#pragma once

#include <stddef.h>
#include <stdint.h>

#if defined(__wasm__)
#define WASI_IMPORT(module, name) __attribute__((import_module(module), import_name(name)))
#else
#define WASI_IMPORT(module, name)
#endif

#define WASI_ROOT "$root"
#define WASI_CLOCK "wasi:clocks/monotonic-clock@0.3.0"
#define WASI_EXIT "wasi:cli/exit@0.3.0"
#define WASI_STDIN "wasi:cli/stdin@0.3.0"
#define WASI_SOCKETS "wasi:sockets/types@0.3.0"
#define WASI_LOOKUP "wasi:sockets/ip-name-lookup@0.3.0"

namespace wasi3 {

// Indices of resources, streams, futures, subtasks and sets, which share one table; 0 is never one.
using RawHandle = uint32_t;

enum class Event : uint32_t { none, subtask, stream_read, stream_write, future_read, future_write, cancelled };

// Of a subtask: in an event, in the low 4 bits of an asynchronous call's result, and of cancelling.
enum class Subtask : uint32_t { starting, started, returned, cancelled_before_started, cancelled_before_returned };

// Of reading and writing a stream, in an event, as a call's result and of cancelling: the count is above the low 4 bits.
constexpr uint32_t blocked = UINT32_MAX;
enum class Copy : uint32_t { completed, dropped, cancelled };
constexpr size_t copied(uint32_t result) { return result >> 4; }
constexpr bool is_dropped(uint32_t result) { return (result & 15) == static_cast<uint32_t>(Copy::dropped); }

template <class T>
struct List {
  T* data;
  size_t length;
};

// variant error-code of sockets/types, in the order of the WIT.
enum class ErrorCode : uint8_t {
  access_denied,
  not_supported,
  invalid_argument,
  out_of_memory,
  timeout,
  invalid_state,
  address_not_bindable,
  address_in_use,
  remote_unreachable,
  connection_refused,
  connection_broken,
  connection_reset,
  connection_aborted,
  datagram_too_large,
  other,
};
// That of ip-name-lookup.
enum class LookupError : uint8_t {
  access_denied,
  invalid_argument,
  name_unresolvable,
  temporary_resolver_failure,
  permanent_resolver_failure,
  other,
};
template <class Code>
struct Failure {
  Code code;
  struct {
    uint8_t is_some;
    List<char> text;
  } other;
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
  uint8_t family;
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

template <class T, class Code = ErrorCode>
struct ResultOf {
  uint8_t is_error;
  union {
    T value;
    Failure<Code> error;
  };
};
struct ResultUnit {
  uint8_t is_error;
  Failure<ErrorCode> error;
};

struct StreamAndFuture {
  RawHandle stream;
  RawHandle future;
};
struct ConnectArguments {
  RawHandle self;
  IpSocketAddress remote;
};
struct SendArguments {
  RawHandle self;
  List<const uint8_t> data;
  uint8_t is_some;
  IpSocketAddress remote;
};
struct ReceivedDatagram {
  List<uint8_t> data;
  IpSocketAddress source;
};

#if defined(__wasm32__)
static_assert(sizeof(IpSocketAddress) == 32 && sizeof(ResultUnit) == 20 && sizeof(ResultOf<RawHandle>) == 20);
static_assert(sizeof(ResultOf<IpSocketAddress>) == 36 && sizeof(ResultOf<uint64_t>) == 24);
static_assert(sizeof(ConnectArguments) == 36 && sizeof(SendArguments) == 48 && sizeof(ReceivedDatagram) == 40);
#endif

// Flat form of variant ip-socket-address as parameters: the joined cases, unused ones 0.
struct FlatAddress {
  int32_t family;
  int32_t slots[11];
};
#define WPS_FLAT_ADDRESS \
  int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t
#define WPS_SPREAD(flat)                                                                                               \
  (flat).family, (flat).slots[0], (flat).slots[1], (flat).slots[2], (flat).slots[3], (flat).slots[4], (flat).slots[5], \
      (flat).slots[6], (flat).slots[7], (flat).slots[8], (flat).slots[9], (flat).slots[10]

extern "C" {
WASI_IMPORT(WASI_ROOT, "[waitable-set-new]") RawHandle wps3_set_new(void);
WASI_IMPORT(WASI_ROOT, "[waitable-set-wait]") uint32_t wps3_set_wait(RawHandle set, uint32_t* event);
WASI_IMPORT(WASI_ROOT, "[waitable-set-poll]") uint32_t wps3_set_poll(RawHandle set, uint32_t* event);
WASI_IMPORT(WASI_ROOT, "[waitable-join]") void wps3_join(RawHandle waitable, RawHandle set);
WASI_IMPORT(WASI_ROOT, "[subtask-cancel]") uint32_t wps3_subtask_cancel(RawHandle subtask);
WASI_IMPORT(WASI_ROOT, "[subtask-drop]") void wps3_subtask_drop(RawHandle subtask);
WASI_IMPORT(WASI_ROOT, "[thread-yield]") uint32_t wps3_yield(void);

WASI_IMPORT(WASI_CLOCK, "now") uint64_t wps3_now(void);
WASI_IMPORT(WASI_CLOCK, "[async-lower]wait-until") uint32_t wps3_wait_until(uint64_t instant);

WASI_IMPORT(WASI_EXIT, "exit-with-code") void wps3_exit_with_code(int32_t code);

WASI_IMPORT(WASI_STDIN, "read-via-stream") void wps3_stdin(StreamAndFuture*);
WASI_IMPORT(WASI_STDIN, "[async-lower][stream-read-0]read-via-stream")
uint32_t wps3_stdin_read(RawHandle stream, void*, size_t);

WASI_IMPORT(WASI_LOOKUP, "[async-lower]resolve-addresses")
uint32_t wps3_resolve_addresses(const char*, size_t, ResultOf<List<IpAddress>, LookupError>*);

WASI_IMPORT(WASI_SOCKETS, "[static]tcp-socket.create") void wps3_tcp_create(int32_t family, ResultOf<RawHandle>*);
WASI_IMPORT(WASI_SOCKETS, "[resource-drop]tcp-socket") void wps3_tcp_drop(RawHandle);
WASI_IMPORT(WASI_SOCKETS, "[method]tcp-socket.bind") void wps3_tcp_bind(RawHandle, WPS_FLAT_ADDRESS, ResultUnit*);
WASI_IMPORT(WASI_SOCKETS, "[async-lower][method]tcp-socket.connect")
uint32_t wps3_tcp_connect(const ConnectArguments*, ResultUnit*);
WASI_IMPORT(WASI_SOCKETS, "[method]tcp-socket.listen") void wps3_tcp_listen(RawHandle, ResultOf<RawHandle>*);
WASI_IMPORT(WASI_SOCKETS, "[method]tcp-socket.send") RawHandle wps3_tcp_send(RawHandle, RawHandle stream);
WASI_IMPORT(WASI_SOCKETS, "[method]tcp-socket.receive") void wps3_tcp_receive(RawHandle, StreamAndFuture*);
WASI_IMPORT(WASI_SOCKETS, "[method]tcp-socket.get-local-address")
void wps3_tcp_local_address(RawHandle, ResultOf<IpSocketAddress>*);
WASI_IMPORT(WASI_SOCKETS, "[method]tcp-socket.get-remote-address")
void wps3_tcp_remote_address(RawHandle, ResultOf<IpSocketAddress>*);
WASI_IMPORT(WASI_SOCKETS, "[method]tcp-socket.set-listen-backlog-size")
void wps3_tcp_set_backlog(RawHandle, uint64_t, ResultUnit*);

// The options, read and set.
WASI_IMPORT(WASI_SOCKETS, "[method]tcp-socket.get-keep-alive-enabled")
void wps3_tcp_keep_alive(RawHandle, ResultOf<uint8_t>*);
WASI_IMPORT(WASI_SOCKETS, "[method]tcp-socket.set-keep-alive-enabled")
void wps3_tcp_set_keep_alive(RawHandle, int32_t, ResultUnit*);
WASI_IMPORT(WASI_SOCKETS, "[method]tcp-socket.get-keep-alive-idle-time")
void wps3_tcp_keep_alive_idle_time(RawHandle, ResultOf<uint64_t>*);
WASI_IMPORT(WASI_SOCKETS, "[method]tcp-socket.set-keep-alive-idle-time")
void wps3_tcp_set_keep_alive_idle_time(RawHandle, uint64_t, ResultUnit*);
WASI_IMPORT(WASI_SOCKETS, "[method]tcp-socket.get-keep-alive-interval")
void wps3_tcp_keep_alive_interval(RawHandle, ResultOf<uint64_t>*);
WASI_IMPORT(WASI_SOCKETS, "[method]tcp-socket.set-keep-alive-interval")
void wps3_tcp_set_keep_alive_interval(RawHandle, uint64_t, ResultUnit*);
WASI_IMPORT(WASI_SOCKETS, "[method]tcp-socket.get-keep-alive-count")
void wps3_tcp_keep_alive_count(RawHandle, ResultOf<uint32_t>*);
WASI_IMPORT(WASI_SOCKETS, "[method]tcp-socket.set-keep-alive-count")
void wps3_tcp_set_keep_alive_count(RawHandle, int32_t, ResultUnit*);
WASI_IMPORT(WASI_SOCKETS, "[method]tcp-socket.get-hop-limit") void wps3_tcp_hop_limit(RawHandle, ResultOf<uint8_t>*);
WASI_IMPORT(WASI_SOCKETS, "[method]tcp-socket.set-hop-limit")
void wps3_tcp_set_hop_limit(RawHandle, int32_t, ResultUnit*);
WASI_IMPORT(WASI_SOCKETS, "[method]tcp-socket.get-receive-buffer-size")
void wps3_tcp_receive_buffer_size(RawHandle, ResultOf<uint64_t>*);
WASI_IMPORT(WASI_SOCKETS, "[method]tcp-socket.set-receive-buffer-size")
void wps3_tcp_set_receive_buffer_size(RawHandle, uint64_t, ResultUnit*);
WASI_IMPORT(WASI_SOCKETS, "[method]tcp-socket.get-send-buffer-size")
void wps3_tcp_send_buffer_size(RawHandle, ResultOf<uint64_t>*);
WASI_IMPORT(WASI_SOCKETS, "[method]tcp-socket.set-send-buffer-size")
void wps3_tcp_set_send_buffer_size(RawHandle, uint64_t, ResultUnit*);

// Streams and futures are named by the function in whose signature they stand.
WASI_IMPORT(WASI_SOCKETS, "[async-lower][stream-read-0][method]tcp-socket.receive")
uint32_t wps3_input_read(RawHandle stream, void*, size_t);
WASI_IMPORT(WASI_SOCKETS, "[stream-cancel-read-0][method]tcp-socket.receive") uint32_t wps3_input_cancel(RawHandle);
WASI_IMPORT(WASI_SOCKETS, "[stream-drop-readable-0][method]tcp-socket.receive") void wps3_input_drop(RawHandle);
WASI_IMPORT(WASI_SOCKETS, "[async-lower][future-read-1][method]tcp-socket.receive")
uint32_t wps3_input_end_read(RawHandle future, ResultUnit*);
WASI_IMPORT(WASI_SOCKETS, "[future-cancel-read-1][method]tcp-socket.receive") uint32_t wps3_input_end_cancel(RawHandle);
WASI_IMPORT(WASI_SOCKETS, "[future-drop-readable-1][method]tcp-socket.receive") void wps3_input_end_drop(RawHandle);
WASI_IMPORT(WASI_SOCKETS, "[stream-new-0][method]tcp-socket.send")
uint64_t wps3_output_new(void);  // writable << 32 | readable
WASI_IMPORT(WASI_SOCKETS, "[async-lower][stream-write-0][method]tcp-socket.send")
uint32_t wps3_output_write(RawHandle stream, const void*, size_t);
WASI_IMPORT(WASI_SOCKETS, "[stream-cancel-write-0][method]tcp-socket.send") uint32_t wps3_output_cancel(RawHandle);
WASI_IMPORT(WASI_SOCKETS, "[stream-drop-writable-0][method]tcp-socket.send") void wps3_output_drop(RawHandle);
WASI_IMPORT(WASI_SOCKETS, "[async-lower][future-read-1][method]tcp-socket.send")
uint32_t wps3_output_end_read(RawHandle future, ResultUnit*);
WASI_IMPORT(WASI_SOCKETS, "[future-cancel-read-1][method]tcp-socket.send") uint32_t wps3_output_end_cancel(RawHandle);
WASI_IMPORT(WASI_SOCKETS, "[future-drop-readable-1][method]tcp-socket.send") void wps3_output_end_drop(RawHandle);
WASI_IMPORT(WASI_SOCKETS, "[async-lower][stream-read-0][method]tcp-socket.listen")
uint32_t wps3_accept_read(RawHandle stream, RawHandle*, size_t);
WASI_IMPORT(WASI_SOCKETS, "[stream-cancel-read-0][method]tcp-socket.listen") uint32_t wps3_accept_cancel(RawHandle);
WASI_IMPORT(WASI_SOCKETS, "[stream-drop-readable-0][method]tcp-socket.listen") void wps3_accept_drop(RawHandle);

WASI_IMPORT(WASI_SOCKETS, "[static]udp-socket.create") void wps3_udp_create(int32_t family, ResultOf<RawHandle>*);
WASI_IMPORT(WASI_SOCKETS, "[resource-drop]udp-socket") void wps3_udp_drop(RawHandle);
WASI_IMPORT(WASI_SOCKETS, "[method]udp-socket.bind") void wps3_udp_bind(RawHandle, WPS_FLAT_ADDRESS, ResultUnit*);
WASI_IMPORT(WASI_SOCKETS, "[method]udp-socket.connect") void wps3_udp_connect(RawHandle, WPS_FLAT_ADDRESS, ResultUnit*);
WASI_IMPORT(WASI_SOCKETS, "[method]udp-socket.disconnect") void wps3_udp_disconnect(RawHandle, ResultUnit*);
WASI_IMPORT(WASI_SOCKETS, "[async-lower][method]udp-socket.send")
uint32_t wps3_udp_send(const SendArguments*, ResultUnit*);
WASI_IMPORT(WASI_SOCKETS, "[async-lower][method]udp-socket.receive")
uint32_t wps3_udp_receive(RawHandle, ResultOf<ReceivedDatagram>*);
WASI_IMPORT(WASI_SOCKETS, "[method]udp-socket.get-local-address")
void wps3_udp_local_address(RawHandle, ResultOf<IpSocketAddress>*);
WASI_IMPORT(WASI_SOCKETS, "[method]udp-socket.get-unicast-hop-limit")
void wps3_udp_hop_limit(RawHandle, ResultOf<uint8_t>*);
WASI_IMPORT(WASI_SOCKETS, "[method]udp-socket.set-unicast-hop-limit")
void wps3_udp_set_hop_limit(RawHandle, int32_t, ResultUnit*);
WASI_IMPORT(WASI_SOCKETS, "[method]udp-socket.get-receive-buffer-size")
void wps3_udp_receive_buffer_size(RawHandle, ResultOf<uint64_t>*);
WASI_IMPORT(WASI_SOCKETS, "[method]udp-socket.set-receive-buffer-size")
void wps3_udp_set_receive_buffer_size(RawHandle, uint64_t, ResultUnit*);
WASI_IMPORT(WASI_SOCKETS, "[method]udp-socket.get-send-buffer-size")
void wps3_udp_send_buffer_size(RawHandle, ResultOf<uint64_t>*);
WASI_IMPORT(WASI_SOCKETS, "[method]udp-socket.set-send-buffer-size")
void wps3_udp_set_send_buffer_size(RawHandle, uint64_t, ResultUnit*);
}

}  // namespace wasi3
