// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// wasi:sockets/network.error-code, in the order of the WIT.
#pragma once

#include <stdint.h>

namespace wasi {

enum class ErrorCode : uint8_t {
  unknown,
  access_denied,
  not_supported,
  invalid_argument,
  out_of_memory,
  timeout,
  concurrency_conflict,
  not_in_progress,
  would_block,
  invalid_state,
  new_socket_limit,
  address_not_bindable,
  address_in_use,
  remote_unreachable,
  connection_refused,
  connection_reset,
  connection_aborted,
  datagram_too_large,
  name_unresolvable,
  temporary_resolver_failure,
  permanent_resolver_failure,
};

constexpr int error_code_count = 21;

// result<T, error-code>.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(static_cast<T&&>(value)), ok_(true) {}  // NOLINT: a value is a result
  Result(ErrorCode error) : error_(error) {}                       // NOLINT: so is an error
  bool ok() const { return ok_; }
  ErrorCode error() const { return error_; }
  T& value() { return value_; }
  const T& value() const { return value_; }

 private:
  T value_{};
  ErrorCode error_ = ErrorCode::unknown;
  bool ok_ = false;
};

struct Unit {};

}  // namespace wasi
