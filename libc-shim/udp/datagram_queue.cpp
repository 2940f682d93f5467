// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "udp/datagram_queue.h"

#include <stdlib.h>
#include <string.h>

namespace posix_sockets {

DatagramQueue::~DatagramQueue() {
  while (!empty()) pop();
}

void DatagramQueue::push(const uint8_t* data, size_t size, const SocketAddress& source) {
  auto* datagram = static_cast<Datagram*>(malloc(sizeof(Datagram) + size));
  if (datagram == nullptr) return;
  datagram->next = nullptr;
  datagram->size = size;
  datagram->source = source;
  if (size != 0) memcpy(datagram + 1, data, size);
  *end_ = datagram;
  end_ = &datagram->next;
  ++count_;
}

void DatagramQueue::pop() {
  Datagram* first = first_;
  first_ = first->next;
  if (first_ == nullptr) end_ = &first_;
  --count_;
  free(first);
}

}  // namespace posix_sockets
