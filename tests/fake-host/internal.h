// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the parts of the fake host share.
#pragma once

#include <cstring>
#include <string>

#include "host.h"
#include "wit-bindings/0.2/network.h"
#include "wit-bindings/0.2/raw.h"

extern "C" void* cabi_realloc(void* old, size_t old_size, size_t alignment, size_t new_size);

// A flattened ip-socket-address as parameters, and as arguments.
#define FAKE_FLAT                                                                                                 \
  int32_t family, int32_t a0, int32_t a1, int32_t a2, int32_t a3, int32_t a4, int32_t a5, int32_t a6, int32_t a7, \
      int32_t a8, int32_t a9, int32_t a10
#define FAKE_FLAT_ARGUMENTS \
  family, { a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10 }

namespace fake {

namespace raw = wasi::raw;

// Every import starts with this: counts, and stops a guest that spins.
void called(const char* import);
// Whether this call is to fail, by script or chaos.
std::optional<ErrorCode> planned(const char* import);

// One readiness success within the cooperative budget; false: it's used up, so nothing is ready.
bool spend_budget();

// What is due by now.
void run_due_events();
// When the next one is; UINT64_MAX: there is none.
uint64_t next_event();

// Waits in the host until `done`, as dropping a stream with unsent data does.
void run_until(const std::function<bool()>& done, const char* why);

struct Slots {
  int32_t slot[11];
};
SocketAddress unflatten(int32_t family, Slots slots);
void check_network(RawHandle network);
uint16_t take_port();  // an ephemeral one

template <class T>
void refuse(raw::ResultOf<T>* result, ErrorCode error) {
  result->is_error = 1;
  result->error = static_cast<uint8_t>(error);
}
inline void refuse(raw::ResultUnit* result, ErrorCode error) {
  result->is_error = 1;
  result->error = static_cast<uint8_t>(error);
}

struct InputStream : Resource {
  static constexpr Kind its_kind = Kind::input_stream;
  InputStream() : Resource(its_kind) {}
  Inbox& inbox() { return connection ? connection->in : host().input; }
  Peer connection;  // null: stdin
};
struct OutputStream : Resource {
  static constexpr Kind its_kind = Kind::output_stream;
  OutputStream() : Resource(its_kind) {}
  void dropped() override;
  Peer connection;
};

raw::StreamPair add_streams(RawHandle socket, const Peer& connection);

}  // namespace fake
