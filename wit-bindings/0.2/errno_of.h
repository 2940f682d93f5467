// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// wasi:sockets error-code to errno, once. Operations whose meaning of a code differs say so where they call this.
#pragma once

#include "support/result.h"
#include "wit-bindings/0.2/results.h"

namespace posix_sockets {

Errno errno_of(wasi::ErrorCode code);

// The same of what somebody answered to a SYN or a datagram (ICMP), where the host says more than one thing with one code.
Errno errno_of_answer(wasi::ErrorCode code);

// The same of a call that makes a host socket, or accepts one. A host has no code for its having no descriptor left, and says
// `unknown`; hardly anything else can go wrong there.
Errno errno_of_new_socket(wasi::ErrorCode code);

// The same of start-bind and finish-bind.
Errno errno_of_bind(const wasi::raw::ResultUnit& result);

// Getter and setter of one attribute: every option import has one of these two shapes.
template <class T>
Result<uint64_t> get_number(wasi::RawHandle handle, void (*import)(wasi::RawHandle, wasi::raw::ResultOf<T>*)) {
  wasi::raw::ResultOf<T> result = {};
  import(handle, &result);
  if (result.is_error != 0) return errno_of(wasi::error_code(result.error));
  return static_cast<uint64_t>(result.value);
}
template <class T>
Errno set_number(wasi::RawHandle handle, T value, void (*import)(wasi::RawHandle, T, wasi::raw::ResultUnit*)) {
  wasi::raw::ResultUnit result = {};
  import(handle, value, &result);
  return result.is_error != 0 ? errno_of(wasi::error_code(result.error)) : success;
}

}  // namespace posix_sockets
