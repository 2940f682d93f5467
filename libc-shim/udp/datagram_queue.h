// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Datagrams that were taken from the host and that the program hasn't received yet.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "support/address.h"

namespace posix_sockets {

class DatagramQueue {
 public:
  // The data follow in the same block of memory.
  struct Datagram {
    Datagram* next;
    size_t size;
    SocketAddress source;
    const uint8_t* data() const { return reinterpret_cast<const uint8_t*>(this + 1); }
  };

  DatagramQueue() = default;
  ~DatagramQueue();
  DatagramQueue(const DatagramQueue&) = delete;
  DatagramQueue& operator=(const DatagramQueue&) = delete;

  bool empty() const { return first_ == nullptr; }
  uint32_t count() const { return count_; }
  const Datagram& first() const { return *first_; }

  // Without memory the datagram is lost, as in a kernel.
  void push(const uint8_t* data, size_t size, const SocketAddress& source);
  void pop();

 private:
  Datagram* first_ = nullptr;
  Datagram** end_ = &first_;
  uint32_t count_ = 0;
};

}  // namespace posix_sockets
