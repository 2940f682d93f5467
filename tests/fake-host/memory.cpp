// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "memory.h"

#include <cstdlib>

namespace fake::memory {
namespace {

int live_blocks;
int allocations;
int failing;
bool has_refused;

bool refuses() {
  ++allocations;
  if (failing == 0 || --failing != 0) return false;
  has_refused = true;
  return true;
}

}  // namespace

int live() { return live_blocks; }
int count() { return allocations; }
void fail_at(int n) {
  failing = n;
  allocations = 0;
  has_refused = false;
}
bool refused() { return has_refused; }

}  // namespace fake::memory

using namespace fake::memory;

extern "C" {

void* fake_malloc(size_t size) {
  if (refuses()) return nullptr;
  ++live_blocks;
  return std::malloc(size);
}
void* fake_calloc(size_t count, size_t size) {
  if (refuses()) return nullptr;
  ++live_blocks;
  return std::calloc(count, size);
}
void* fake_realloc(void* old, size_t size) {
  if (refuses()) return nullptr;
  if (old == nullptr) ++live_blocks;
  return std::realloc(old, size);
}
void fake_free(void* block) {
  if (block != nullptr) --live_blocks;
  std::free(block);
}
}
