// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How an import is declared, and the [resource-drop] imports, which the typed handles name in their types.
#pragma once

#include "wit-bindings/0.2/handle.h"

#if defined(__wasm__)
#define WASI_IMPORT(module, name) __attribute__((import_module(module), import_name(name)))
#else
#define WASI_IMPORT(module, name)
#endif

#define WASI_IO_ERROR "wasi:io/error@0.2.0"
#define WASI_IO_POLL "wasi:io/poll@0.2.0"
#define WASI_IO_STREAMS "wasi:io/streams@0.2.0"
#define WASI_MONOTONIC_CLOCK "wasi:clocks/monotonic-clock@0.2.0"
#define WASI_CLI_STDIN "wasi:cli/stdin@0.2.0"
#define WASI_CLI_STDOUT "wasi:cli/stdout@0.2.0"
#define WASI_CLI_STDERR "wasi:cli/stderr@0.2.0"
#define WASI_NETWORK "wasi:sockets/network@0.2.0"
#define WASI_INSTANCE_NETWORK "wasi:sockets/instance-network@0.2.0"
#define WASI_NAME_LOOKUP "wasi:sockets/ip-name-lookup@0.2.0"
#define WASI_TCP "wasi:sockets/tcp@0.2.0"
#define WASI_TCP_CREATE "wasi:sockets/tcp-create-socket@0.2.0"
#define WASI_UDP "wasi:sockets/udp@0.2.0"
#define WASI_UDP_CREATE "wasi:sockets/udp-create-socket@0.2.0"

namespace wasi::raw {
extern "C" {
WASI_IMPORT(WASI_IO_ERROR, "[resource-drop]error") void wps_error_drop(RawHandle);
WASI_IMPORT(WASI_IO_POLL, "[resource-drop]pollable") void wps_pollable_drop(RawHandle);
WASI_IMPORT(WASI_IO_STREAMS, "[resource-drop]input-stream") void wps_input_stream_drop(RawHandle);
WASI_IMPORT(WASI_IO_STREAMS, "[resource-drop]output-stream") void wps_output_stream_drop(RawHandle);
WASI_IMPORT(WASI_NETWORK, "[resource-drop]network") void wps_network_drop(RawHandle);
WASI_IMPORT(WASI_NAME_LOOKUP, "[resource-drop]resolve-address-stream") void wps_resolve_address_stream_drop(RawHandle);
WASI_IMPORT(WASI_TCP, "[resource-drop]tcp-socket") void wps_tcp_socket_drop(RawHandle);
WASI_IMPORT(WASI_UDP, "[resource-drop]udp-socket") void wps_udp_socket_drop(RawHandle);
WASI_IMPORT(WASI_UDP, "[resource-drop]incoming-datagram-stream") void wps_incoming_datagram_stream_drop(RawHandle);
WASI_IMPORT(WASI_UDP, "[resource-drop]outgoing-datagram-stream") void wps_outgoing_datagram_stream_drop(RawHandle);
}
}  // namespace wasi::raw
