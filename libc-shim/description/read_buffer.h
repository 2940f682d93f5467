// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Bytes read ahead of what the program asked for. Sockets that hold none hold no memory.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace posix_sockets {

class ReadBuffer {
 public:
  static constexpr size_t usual_capacity = 16384;
  static constexpr size_t large_capacity = 65536;  // of a socket on which much arrives

  ReadBuffer() = default;
  ~ReadBuffer() { give_back(); }
  ReadBuffer(ReadBuffer&& other) noexcept
      : memory_(other.memory_), capacity_(other.capacity_), begin_(other.begin_), end_(other.end_) {
    other.memory_ = nullptr;
    other.capacity_ = other.begin_ = other.end_ = 0;
  }
  ReadBuffer(const ReadBuffer&) = delete;
  ReadBuffer& operator=(const ReadBuffer&) = delete;

  bool empty() const { return begin_ == end_; }
  size_t size() const { return end_ - begin_; }
  const uint8_t* data() const { return memory_ + begin_; }

  // Makes room for `size` bytes behind the content; null if there is no memory. They become content by append().
  uint8_t* reserve(size_t size);
  size_t room() const { return capacity_ - end_; }
  void append(size_t size) { end_ += size; }
  // Drops `size` bytes from the front; an empty buffer's memory is given back.
  void consume(size_t size);
  // The same where some are left.
  void consume_some(size_t size) { begin_ += size; }

 private:
  void give_back();

  uint8_t* memory_ = nullptr;
  size_t capacity_ = 0;
  size_t begin_ = 0;
  size_t end_ = 0;
};

// Memory for the time of one call, of at least `size` bytes; null if there is none. The same memory every time: a second
// call makes the first one's content invalid.
uint8_t* scratch(size_t size);

}  // namespace posix_sockets
