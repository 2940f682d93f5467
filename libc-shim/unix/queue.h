// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What waits at an AF_UNIX socket, first come first served: messages, and at a listener connections.
#pragma once

#include "unix/message.h"

namespace posix_sockets {

class UnixMessageQueue {
 public:
  bool empty() const { return first_ == nullptr; }
  UnixMessage* first() const { return first_; }
  unsigned count() const { return count_; }
  size_t bytes() const { return bytes_; }  // that weren't taken yet

  void push(UnixMessage* message) {
    (first_ == nullptr ? first_ : last_->next) = message;
    last_ = message;
    bytes_ += message->left();
    ++count_;
  }
  // Of a queue that isn't empty.
  UnixMessage* pop() {
    UnixMessage* message = first_;
    first_ = message->next;
    bytes_ -= message->left();
    --count_;
    return message;
  }
  // A stream's reader takes `size` bytes of the first one.
  void take(size_t size) {
    first_->begin += size;
    bytes_ -= size;
  }

 private:
  UnixMessage* first_ = nullptr;
  UnixMessage* last_ = nullptr;
  size_t bytes_ = 0;
  unsigned count_ = 0;
};

// Sockets that connect() made and accept() hasn't given out, linked by `next_waiting`.
template <class T>
class UnixBacklog {
 public:
  bool empty() const { return first_ == nullptr; }
  T* first() const { return first_; }
  unsigned count() const { return count_; }

  void push(T* socket) {
    (first_ == nullptr ? first_ : last_->next_waiting) = socket;
    last_ = socket;
    ++count_;
  }
  // Null: nobody is waiting.
  T* pop() {
    T* socket = first_;
    if (socket == nullptr) return nullptr;
    first_ = socket->next_waiting;
    socket->next_waiting = nullptr;
    --count_;
    return socket;
  }

 private:
  T* first_ = nullptr;
  T* last_ = nullptr;
  unsigned count_ = 0;
};

}  // namespace posix_sockets
