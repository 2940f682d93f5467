// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Memory that the host asks the guest for while a call returns a list or a string.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace wasi {

// While it lives, the host's requests are served from `buffer`, in order, as long as they fit; so the host writes straight
// to where the caller wants the data, and running out of memory can't happen in the middle of a call. One object lives
// around exactly one import call.
class LentBuffer {
 public:
  LentBuffer(void* buffer, size_t size);
  ~LentBuffer();
  LentBuffer(const LentBuffer&) = delete;
  LentBuffer& operator=(const LentBuffer&) = delete;

  // Whether memory that the host was given is part of the lent buffer; if not, it's the caller's to free().
  bool contains(const void* memory) const { return memory >= begin_ && memory < end_; }

 private:
  uint8_t* begin_;
  uint8_t* end_;
};

}  // namespace wasi
