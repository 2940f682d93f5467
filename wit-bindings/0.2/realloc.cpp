// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The strong cabi_realloc: it replaces the weak one of wasi-libc and exists on wasm32-wasi, where libc has none.
#include "wit-bindings/0.2/realloc.h"

#include <stdlib.h>
#include <string.h>

namespace wasi {
namespace {

struct Lent {
  uint8_t* next;
  uint8_t* end;
};
Lent lent;

void* allocate(size_t alignment, size_t size) {
  if (size == 0) return reinterpret_cast<void*>(alignment);
  if (lent.next != nullptr) {
    const size_t padding = (alignment - reinterpret_cast<uintptr_t>(lent.next) % alignment) % alignment;
    const size_t room = static_cast<size_t>(lent.end - lent.next);
    if (padding <= room && size <= room - padding) {
      uint8_t* result = lent.next + padding;
      lent.next = result + size;
      return result;
    }
  }
  return malloc(size);  // malloc aligns to 16, the canonical ABI asks for 8 at most
}

}  // namespace

LentBuffer::LentBuffer(void* buffer, size_t size) : begin_(static_cast<uint8_t*>(buffer)), end_(begin_ + size) {
  lent = {begin_, end_};
}
LentBuffer::~LentBuffer() { lent = {}; }

}  // namespace wasi

#if defined(__wasm__)
__attribute__((export_name("cabi_realloc")))
#endif
extern "C" void* cabi_realloc(void* old, size_t old_size, size_t alignment, size_t new_size) {
  void* result = wasi::allocate(alignment, new_size);
  // The canonical ABI has no way to report failure here: the host would write through a null pointer.
  if (result == nullptr) abort();
  // Hosts grow a list only while transcoding strings, which utf-8 never needs: a copy is exact and rare.
  if (old_size != 0) memcpy(result, old, old_size < new_size ? old_size : new_size);
  return result;
}
