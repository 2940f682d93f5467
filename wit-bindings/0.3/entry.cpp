// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How a program begins and ends: wasi:cli/run. The constructors run inside of it, since only there a guest may wait.
#include <stdlib.h>
#include <string.h>

#include "wit-bindings/0.3/raw.h"

#if defined(__wasm__)
extern "C" {
// Stands beside the type information of the imports (generated/component_type.S): naming it makes the linker take that too.
void __posix_sockets_component_type(void);
__attribute__((used)) static void (*const component_type)(void) = __posix_sockets_component_type;

void __wasm_call_ctors(void);
int __main_void(void);
void __wasm_call_dtors(void);

__attribute__((export_name("wasi:cli/run@0.3.0#run"))) int32_t __posix_sockets_run(void) {
  __wasm_call_ctors();
  const int status = __main_void();
  __wasm_call_dtors();
  if (status != 0) wasi3::wps3_exit_with_code(status & 255);
  return 0;
}
}
#endif

// Memory that the host asks for while a call returns a list. It has no way to hear that there is none.
#if defined(__wasm__)
__attribute__((export_name("cabi_realloc")))
#endif
extern "C" void* cabi_realloc(void* old, size_t old_size, size_t alignment, size_t new_size) {
  if (new_size == 0) return reinterpret_cast<void*>(alignment);
  void* result = malloc(new_size);  // malloc aligns to 16, the canonical ABI asks for 8 at most
  if (result == nullptr) abort();
  if (old_size != 0) memcpy(result, old, old_size < new_size ? old_size : new_size);
  return result;
}
