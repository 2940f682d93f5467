// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A growing list of plain values on the heap: the addresses of a name.
#pragma once

#include <stddef.h>
#include <stdlib.h>

#include "support/address.h"
#include "support/memory.h"

namespace posix_sockets {

template <class T>
class List {
 public:
  List() = default;
  ~List() { free(items_); }
  List(const List&) = delete;
  List& operator=(const List&) = delete;

  // False: no memory.
  [[nodiscard]] bool add(const T& item) {
    if (size_ == capacity_) {
      const size_t capacity = capacity_ == 0 ? 4 : capacity_ * 2;
      auto* items = static_cast<T*>(resize(items_, size_ * sizeof(T), capacity * sizeof(T)));
      if (items == nullptr) return false;
      items_ = items;
      capacity_ = capacity;
    }
    items_[size_++] = item;
    return true;
  }

  void clear() { size_ = 0; }
  // Gives the items, which the caller frees.
  T* release() {
    T* items = items_;
    items_ = nullptr;
    size_ = capacity_ = 0;
    return items;
  }
  void truncate(size_t size) { size_ = size; }
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T* data() { return items_; }
  const T* data() const { return items_; }
  T& operator[](size_t index) { return items_[index]; }
  const T& operator[](size_t index) const { return items_[index]; }
  T* begin() { return items_; }
  T* end() { return items_ + size_; }
  const T* begin() const { return items_; }
  const T* end() const { return items_ + size_; }

 private:
  static_assert(__is_trivially_copyable(T));
  T* items_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

using AddressList = List<SocketAddress>;

}  // namespace posix_sockets
