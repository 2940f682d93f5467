// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Lays strings and arrays out in the buffer that a caller of a _r function lends.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "names/line_reader.h"

namespace posix_sockets {

// Running out of room is kept, so that a whole entry is packed first and then asked about.
class Packer {
 public:
  Packer(char* buffer, size_t size) : next_(buffer), room_(size) {}

  bool overflowed() const { return overflowed_; }

  // Null when there is no room; so the writers below check it and nobody else has to.
  char* reserve(size_t size, size_t alignment = 1) {
    const size_t padding = (alignment - reinterpret_cast<uintptr_t>(next_) % alignment) % alignment;
    if (overflowed_ || padding > room_ || size > room_ - padding) {
      overflowed_ = true;
      return nullptr;
    }
    char* result = next_ + padding;
    next_ = result + size;
    room_ -= padding + size;
    return result;
  }

  char* bytes(const void* data, size_t size) {
    char* result = reserve(size);
    if (result != nullptr) memcpy(result, data, size);
    return result;
  }
  char* text(const char* string) { return bytes(string, strlen(string) + 1); }

  // An array of `count` pointers and a null one.
  char** pointers(size_t count) {
    auto** result = reinterpret_cast<char**>(reserve((count + 1) * sizeof(char*), alignof(char*)));
    if (result != nullptr) result[count] = nullptr;
    return result;
  }

  // Copies of all words of a list, and the array of them.
  char** words(const char* list) {
    size_t count = 0;
    for (const char* word = list; *word != '\0'; word = next_word(word)) ++count;
    char** result = pointers(count);
    for (size_t i = 0; result != nullptr && i < count; ++i, list = next_word(list)) result[i] = text(list);
    return result;
  }

 private:
  char* next_;
  size_t room_;
  bool overflowed_ = false;
};

}  // namespace posix_sockets
