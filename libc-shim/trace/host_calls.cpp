// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A function before each import. The list with the shapes is host_calls.def; the signatures are checked against raw.h.
#include "trace/host_calls.h"

#include "trace/call.h"
#include "wit-bindings/0.2/raw.h"

using namespace posix_sockets::trace;
using host_calls::record;
using host_calls::record_result;
using wasi::RawHandle;
using namespace wasi::raw;

#define FLAT_PARAMETERS                                                                                       \
  int32_t a0, int32_t a1, int32_t a2, int32_t a3, int32_t a4, int32_t a5, int32_t a6, int32_t a7, int32_t a8, \
      int32_t a9, int32_t a10, int32_t a11
#define FLAT_ARGUMENTS a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11

// Declares the import's own function, and checks the wrapper that follows.
#define IMPORT(import)                        \
  decltype(wps_##import) __real_wps_##import; \
  decltype(wps_##import) __wrap_wps_##import;

#define UNIT(import, text)                                         \
  IMPORT(import)                                                   \
  void __wrap_wps_##import(RawHandle handle, ResultUnit* result) { \
    __real_wps_##import(handle, result);                           \
    record_result(text, result->is_error, result->error);          \
  }
#define GET(import, text, type)                                        \
  IMPORT(import)                                                       \
  void __wrap_wps_##import(RawHandle handle, ResultOf<type>* result) { \
    __real_wps_##import(handle, result);                               \
    record_result(text, result->is_error, result->error);              \
  }
#define SET(import, text, type)                                                \
  IMPORT(import)                                                               \
  void __wrap_wps_##import(RawHandle handle, type value, ResultUnit* result) { \
    __real_wps_##import(handle, value, result);                                \
    record_result(text, result->is_error, result->error);                      \
  }
#define ADDRESS(import, text)                                                                          \
  IMPORT(import)                                                                                       \
  void __wrap_wps_##import(RawHandle handle, RawHandle network, FLAT_PARAMETERS, ResultUnit* result) { \
    __real_wps_##import(handle, network, FLAT_ARGUMENTS, result);                                      \
    record_result(text, result->is_error, result->error);                                              \
  }
#define CREATE(import, text)                                              \
  IMPORT(import)                                                          \
  void __wrap_wps_##import(int32_t family, ResultOf<RawHandle>* result) { \
    __real_wps_##import(family, result);                                  \
    record_result(text, result->is_error, result->error);                 \
  }
#define SUBSCRIBE(import, text)                     \
  IMPORT(import)                                    \
  RawHandle __wrap_wps_##import(RawHandle handle) { \
    record(text);                                   \
    return __real_wps_##import(handle);             \
  }
#define DROP(import, resource)                 \
  IMPORT(import)                               \
  void __wrap_wps_##import(RawHandle handle) { \
    record("drop " resource);                  \
    __real_wps_##import(handle);               \
  }
#define OTHER(import) IMPORT(import)

extern "C" {

#include "trace/host_calls.def"

void __wrap_wps_error_to_debug_string(RawHandle handle, List<char>* text) {
  record("error.to-debug-string");
  __real_wps_error_to_debug_string(handle, text);
}

int32_t __wrap_wps_pollable_ready(RawHandle handle) {
  record("pollable.ready");
  return __real_wps_pollable_ready(handle);
}

void __wrap_wps_poll(const RawHandle* pollables, size_t count, List<uint32_t>* ready) {
  // The caller lends the host memory for the list; writing to libc's streams takes no list from the host.
  about_to_wait();
  __real_wps_poll(pollables, count, ready);
  record("poll");
}

namespace {
void record_stream(const char* name, uint8_t is_error, const StreamError& error, long long value) {
  if (is_error == 0) return record(name, nullptr, value);
  record(name, error.is_closed != 0 ? "closed" : "last-operation-failed");
}
}  // namespace

void __wrap_wps_input_stream_read(RawHandle handle, uint64_t most, StreamResultOf<List<uint8_t>>* result) {
  __real_wps_input_stream_read(handle, most, result);
  record_stream("input-stream.read", result->is_error, result->error, static_cast<long long>(result->value.length));
}
void __wrap_wps_output_stream_check_write(RawHandle handle, StreamResultOf<uint64_t>* result) {
  __real_wps_output_stream_check_write(handle, result);
  record_stream("output-stream.check-write", result->is_error, result->error, static_cast<long long>(result->value));
}
// The value is how much is written: the host takes all of it.
void __wrap_wps_output_stream_write(RawHandle handle, const uint8_t* data, size_t size, StreamResultUnit* result) {
  __real_wps_output_stream_write(handle, data, size, result);
  record_stream("output-stream.write", result->is_error, result->error, static_cast<long long>(size));
}

uint64_t __wrap_wps_monotonic_clock_now(void) {
  record("monotonic-clock.now");
  return __real_wps_monotonic_clock_now();
}
RawHandle __wrap_wps_monotonic_clock_subscribe_instant(uint64_t instant) {
  record("monotonic-clock.subscribe-instant");
  return __real_wps_monotonic_clock_subscribe_instant(instant);
}
RawHandle __wrap_wps_monotonic_clock_subscribe_duration(uint64_t duration) {
  record("monotonic-clock.subscribe-duration");
  return __real_wps_monotonic_clock_subscribe_duration(duration);
}

RawHandle __wrap_wps_get_stdin(void) {
  record("get-stdin");
  return __real_wps_get_stdin();
}
#if defined(__wasip2__)
RawHandle __wrap_wps_get_stdout(void) {
  record("get-stdout");
  return __real_wps_get_stdout();
}
RawHandle __wrap_wps_get_stderr(void) {
  record("get-stderr");
  return __real_wps_get_stderr();
}
#endif
RawHandle __wrap_wps_instance_network(void) {
  record("instance-network");
  return __real_wps_instance_network();
}

void __wrap_wps_resolve_addresses(RawHandle network, const char* name, size_t size, ResultOf<RawHandle>* result) {
  __real_wps_resolve_addresses(network, name, size, result);
  record_result("resolve-addresses", result->is_error, result->error);
}

void __wrap_wps_udp_stream(RawHandle handle, int32_t is_some, FLAT_PARAMETERS, ResultOf<StreamPair>* result) {
  __real_wps_udp_stream(handle, is_some, FLAT_ARGUMENTS, result);
  record_result("udp-socket.stream", result->is_error, result->error);
}
void __wrap_wps_incoming_datagram_stream_receive(RawHandle handle, uint64_t most,
                                                 ResultOf<List<IncomingDatagram>>* result) {
  __real_wps_incoming_datagram_stream_receive(handle, most, result);
  record_result("incoming-datagram-stream.receive", result->is_error, result->error,
                static_cast<long long>(result->value.length));
}
void __wrap_wps_outgoing_datagram_stream_check_send(RawHandle handle, ResultOf<uint64_t>* result) {
  __real_wps_outgoing_datagram_stream_check_send(handle, result);
  record_result("outgoing-datagram-stream.check-send", result->is_error, result->error,
                static_cast<long long>(result->value));
}
void __wrap_wps_outgoing_datagram_stream_send(RawHandle handle, const OutgoingDatagram* datagrams, size_t count,
                                              ResultOf<uint64_t>* result) {
  __real_wps_outgoing_datagram_stream_send(handle, datagrams, count, result);
  record_result("outgoing-datagram-stream.send", result->is_error, result->error,
                static_cast<long long>(result->value));
}
}

uint64_t host_calls::now() { return __real_wps_monotonic_clock_now(); }

// wasm-ld knows what __real_NAME means only if NAME itself is in the link: here all of them are, from a function that
// nobody calls, so that neither it nor an import beyond those in use ends up in the guest.
#undef UNIT
#undef GET
#undef SET
#undef ADDRESS
#undef CREATE
#undef SUBSCRIBE
#undef DROP
#undef OTHER
#define NAME(import) function = reinterpret_cast<void (*)()>(wps_##import);
#define UNIT(import, text) NAME(import)
#define GET(import, text, type) NAME(import)
#define SET(import, text, type) NAME(import)
#define ADDRESS(import, text) NAME(import)
#define CREATE(import, text) NAME(import)
#define SUBSCRIBE(import, text) NAME(import)
#define DROP(import, resource) NAME(import)
#define OTHER(import) NAME(import)
extern "C" void wps_trace_name_imports() {
  void (*volatile function)() = nullptr;
#include "trace/host_calls.def"
  (void)function;
}
