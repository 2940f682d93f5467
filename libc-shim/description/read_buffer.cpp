// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "description/read_buffer.h"

#include <stdlib.h>
#include <string.h>

#include <new>

namespace posix_sockets {
namespace {

// Buffers of the usual size wait here for the next sockets, so that receiving in turns on many sockets allocates nothing.
struct Spare {
  Spare* next;
};
Spare* spares;
int spare_count;
constexpr int most_spares = 32;
uint8_t* large_spare;

uint8_t* scratch_memory;
size_t scratch_size;

}  // namespace

uint8_t* ReadBuffer::reserve(size_t size) {
  if (memory_ != nullptr && capacity_ - end_ >= size) return memory_ + end_;
  const size_t content = this->size();
  if (memory_ != nullptr && capacity_ - content >= size) {
    memmove(memory_, memory_ + begin_, content);
  } else {
    size_t capacity = content + size;
    if (capacity < usual_capacity) capacity = usual_capacity;
    uint8_t* memory = nullptr;
    if (capacity == usual_capacity && spares != nullptr) {
      memory = reinterpret_cast<uint8_t*>(spares);
      spares = spares->next;
      --spare_count;
    } else if (capacity == large_capacity && large_spare != nullptr) {
      memory = large_spare;
      large_spare = nullptr;
    } else {
      memory = static_cast<uint8_t*>(malloc(capacity));
    }
    if (memory == nullptr) return nullptr;
    if (content != 0) memcpy(memory, memory_ + begin_, content);
    give_back();
    memory_ = memory;
    capacity_ = capacity;
  }
  begin_ = 0;
  end_ = content;
  return memory_ + end_;
}

void ReadBuffer::consume(size_t size) {
  begin_ += size;
  if (begin_ == end_) give_back();
}

void ReadBuffer::give_back() {
  if (memory_ != nullptr) {
    if (capacity_ == usual_capacity && spare_count < most_spares) {
      spares = new (memory_) Spare{spares};
      ++spare_count;
    } else if (capacity_ == large_capacity && large_spare == nullptr) {
      large_spare = memory_;
    } else {
      free(memory_);
    }
  }
  memory_ = nullptr;
  capacity_ = begin_ = end_ = 0;
}

uint8_t* scratch(size_t size) {
  if (size > scratch_size) {
    auto* memory = static_cast<uint8_t*>(malloc(size));
    if (memory == nullptr) return nullptr;
    free(scratch_memory);
    scratch_memory = memory;
    scratch_size = size;
  }
  return scratch_memory;
}

}  // namespace posix_sockets
