// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Owned component-model resource handles. Index 0 is never a valid handle, so an all-zero object owns nothing.
#pragma once

#include <stdint.h>

namespace wasi {

using RawHandle = int32_t;

// Move-only owner; `drop` is the resource's [resource-drop] import. A moved-from handle is empty and never dropped.
// What drops isn't inlined: a socket has many handles, and a host call costs far more than the call that leads to it.
template <void (*drop)(RawHandle)>
class Handle {
 public:
  constexpr Handle() = default;
  explicit constexpr Handle(RawHandle raw) : raw_(raw) {}
  Handle(Handle&& other) noexcept : raw_(other.release()) {}
  [[gnu::noinline]] Handle& operator=(Handle&& other) noexcept {
    if (this != &other) {
      reset();
      raw_ = other.release();
    }
    return *this;
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() { reset(); }

  explicit operator bool() const { return raw_ != 0; }
  // The index, lent for the time of one call.
  RawHandle borrow() const { return raw_; }
  RawHandle release() {
    RawHandle raw = raw_;
    raw_ = 0;
    return raw;
  }
  [[gnu::noinline]] void reset() {
    if (raw_ != 0) drop(release());
  }

 private:
  RawHandle raw_ = 0;
};

}  // namespace wasi
