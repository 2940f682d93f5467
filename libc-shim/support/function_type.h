// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The type that a function was compiled with. On other machines a call with more arguments than the function takes works; in
// WebAssembly it traps, so who calls what C programs hand over by any type asks first (ref.test of the GC proposal, which is in WebAssembly 3).
#pragma once

namespace posix_sockets {

using AnyFunction = void (*)();

// Keeps the compiler from calling the function by name, with the type that is declared here.
template <class T>
inline AnyFunction hide_type(T* function) {
  auto hidden = reinterpret_cast<AnyFunction>(function);
  __asm__("" : "+r"(hidden));
  return hidden;
}

template <class T>
inline T* as(AnyFunction function) {
  return reinterpret_cast<T*>(function);
}

// A native build has no use for it: there every call works.
template <class T>
#ifdef __wasm__
__attribute__((target("gc,reference-types"))) inline bool has_type(AnyFunction function) {
  return __builtin_wasm_test_function_pointer_signature(as<T>(function)) != 0;
}
#else
inline bool has_type(AnyFunction) {
  return false;
}
#endif

}  // namespace posix_sockets
