// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Return areas of the imports to typed results. Only for the .cpp files of this folder.
#pragma once

#include "wit-bindings/0.2/error_code.h"
#include "wit-bindings/0.2/raw.h"

// Expands a raw::FlatAddress to the parameters of an import.
#define WPS_SPREAD(flat)                                                                                               \
  (flat).family, (flat).slots[0], (flat).slots[1], (flat).slots[2], (flat).slots[3], (flat).slots[4], (flat).slots[5], \
      (flat).slots[6], (flat).slots[7], (flat).slots[8], (flat).slots[9], (flat).slots[10]

namespace wasi {

inline ErrorCode error_code(uint8_t code) {
  return code < error_code_count ? static_cast<ErrorCode>(code) : ErrorCode::unknown;
}

inline Result<Unit> to_result(const raw::ResultUnit& result) {
  if (result.is_error != 0) return error_code(result.error);
  return Unit{};
}

template <class T>
Result<T> to_result(const raw::ResultOf<T>& result) {
  if (result.is_error != 0) return error_code(result.error);
  return result.value;
}

// Getter and setter of one attribute: every option import has one of these two shapes.
template <class T>
Result<T> get(RawHandle handle, void (*import)(RawHandle, raw::ResultOf<T>*)) {
  raw::ResultOf<T> result = {};
  import(handle, &result);
  return to_result(result);
}

template <class T>
Result<Unit> set(RawHandle handle, T value, void (*import)(RawHandle, T, raw::ResultUnit*)) {
  raw::ResultUnit result = {};
  import(handle, value, &result);
  return to_result(result);
}

}  // namespace wasi
