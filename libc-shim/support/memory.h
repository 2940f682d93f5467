// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Allocation without the C++ runtime: malloc plus placement new. A failed allocation is a null pointer, ENOMEM upstairs.
#pragma once

#include <stdlib.h>
#include <string.h>

#include <new>
#include <utility>

namespace posix_sockets {

// Makes a T on the heap; null if there is no memory. T's destructor runs in destroy().
template <class T, class... Args>
T* create(Args&&... args) {
  void* place = malloc(sizeof(T));
  if (place == nullptr) return nullptr;
  return new (place) T(static_cast<Args&&>(args)...);
}

template <class T>
void destroy(T* object) {
  if (object == nullptr) return;
  object->T::~T();  // it is a T, and nothing derived from it
  free(object);
}

// As realloc, which is larger than it looks, and otherwise in few programs. Null, and nothing has changed: there is no memory.
inline void* resize(void* memory, size_t old_size, size_t size) {
  void* other = malloc(size);
  if (other == nullptr) return nullptr;
  if (old_size != 0) memcpy(other, memory, old_size);
  free(memory);
  return other;
}

// Sole owner of one object made by create().
template <class T>
class Owner {
 public:
  constexpr Owner() = default;
  explicit Owner(T* object) : object_(object) {}
  Owner(Owner&& other) noexcept : object_(other.release()) {}
  Owner& operator=(Owner&& other) noexcept {
    if (this != &other) {
      destroy(object_);
      object_ = other.release();
    }
    return *this;
  }
  Owner(const Owner&) = delete;
  Owner& operator=(const Owner&) = delete;
  ~Owner() { destroy(object_); }

  T* get() const { return object_; }
  T* operator->() const { return object_; }
  T& operator*() const { return *object_; }
  explicit operator bool() const { return object_ != nullptr; }
  T* release() {
    T* object = object_;
    object_ = nullptr;
    return object;
  }

 private:
  T* object_ = nullptr;
};

}  // namespace posix_sockets
