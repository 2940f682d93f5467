// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The fake host's handle table. As strict as a component host can be: whatever would trap there ends the test here.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "wit-bindings/0.2/handle.h"

namespace fake {

using wasi::RawHandle;

enum class Kind {
  error,
  pollable,
  input_stream,
  output_stream,
  network,
  resolve_address_stream,
  tcp_socket,
  udp_socket,
  incoming_datagram_stream,
  outgoing_datagram_stream,
};
const char* name_of(Kind kind);

// A real host would kill the guest here. Says why, and aborts; inside would_trap() it only ends the child process.
[[noreturn]] void trap(const char* format, ...) __attribute__((format(printf, 1, 2)));

class Resource {
 public:
  explicit Resource(Kind kind) : kind(kind) {}
  virtual ~Resource() = default;
  Resource(const Resource&) = delete;
  Resource& operator=(const Resource&) = delete;
  // Called when the guest drops the handle, before the destructor.
  virtual void dropped() {}

  const Kind kind;
  RawHandle parent = 0;  // must outlive this one
  int children = 0;
  bool kept = false;  // the library keeps one for the life of the program
};

// Numbers aren't used a second time, so a stale one never hits another resource.
RawHandle add(std::unique_ptr<Resource> resource, RawHandle parent = 0);
// Traps if `handle` isn't a live one of that kind.
Resource& get(RawHandle handle, Kind kind);
void drop(RawHandle handle, Kind kind);

template <class T>
T& get(RawHandle handle) {
  return static_cast<T&>(get(handle, T::its_kind));
}

// Handles that are alive, but for those that the library keeps on purpose; as text, for a failing test.
int live_handles();
int live_handles(Kind kind);
std::string describe_live_handles();

struct Pollable : Resource {
  static constexpr Kind its_kind = Kind::pollable;
  Pollable() : Resource(its_kind) {}

  std::function<bool()> ready;
  std::function<void()> watched;  // what being polled sets off
  uint64_t instant = UINT64_MAX;  // of a timer
  bool past = false;              // a timer that had elapsed when it was made: outside the cooperative budget
};

RawHandle add_pollable(RawHandle parent, std::function<bool()> ready, std::function<void()> watched = {});

}  // namespace fake
