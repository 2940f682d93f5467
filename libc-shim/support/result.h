// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Result type used below the public entry points. errno itself is written once, in api/, just before returning.
#pragma once

#include <errno.h>

namespace posix_sockets {

// An errno value as a type of its own; 0 is success.
class [[nodiscard]] Errno {
 public:
  constexpr Errno() = default;
  constexpr Errno(int value) : value_(value) {}  // NOLINT: errno constants convert by intent
  constexpr int value() const { return value_; }
  constexpr bool ok() const { return value_ == 0; }
  constexpr bool operator==(const Errno& other) const { return value_ == other.value_; }

 private:
  int value_ = 0;
};

constexpr Errno success{};

// A value or the errno that says why there is none.
template <class T>
class [[nodiscard]] Result {
 public:
  constexpr Result(const T& value) : value_(value) {}               // NOLINT: a value is a result
  constexpr Result(T&& value) : value_(static_cast<T&&>(value)) {}  // NOLINT
  constexpr Result(Errno error) : error_(error) {}                  // NOLINT: so is an error
  constexpr bool ok() const { return error_.ok(); }
  constexpr Errno error() const { return error_; }
  constexpr T& value() { return value_; }
  constexpr const T& value() const { return value_; }

 private:
  T value_{};
  Errno error_{};
};

}  // namespace posix_sockets
