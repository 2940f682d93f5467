// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "allocation.h"

#include <cstdlib>
#include <cstring>

namespace {

int live_blocks;
int countdown;
bool has_failed;

bool fails() {
  if (countdown == 0 || --countdown != 0) return false;
  has_failed = true;
  return true;
}

}  // namespace

namespace allocation {

int live() { return live_blocks; }
void fail_at(int number) {
  countdown = number;
  if (number != 0) has_failed = false;
}
bool failed() { return has_failed; }

}  // namespace allocation

extern "C" {

void* __real_malloc(size_t);
void* __real_calloc(size_t, size_t);
void* __real_realloc(void*, size_t);
void __real_free(void*);

void* __wrap_malloc(size_t size) {
  if (fails()) return nullptr;
  ++live_blocks;
  return __real_malloc(size);
}
void* __wrap_calloc(size_t count, size_t size) {
  if (fails()) return nullptr;
  ++live_blocks;
  return __real_calloc(count, size);
}
void* __wrap_realloc(void* old, size_t size) {
  if (fails()) return nullptr;
  if (old == nullptr) ++live_blocks;
  return __real_realloc(old, size);
}
char* __wrap_strdup(const char* text) {
  auto* copy = static_cast<char*>(__wrap_malloc(strlen(text) + 1));
  return copy == nullptr ? nullptr : strcpy(copy, text);
}
void __wrap_free(void* block) {
  if (block != nullptr) --live_blocks;
  __real_free(block);
}

}  // extern "C"
