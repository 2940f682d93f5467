// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "udp/cork.h"

#include <stdlib.h>

#include "wit-bindings/host.h"

namespace posix_sockets {

struct Cork::Datagram {
  size_t size;
  bool has_destination;
  SocketAddress destination;
  uint8_t data[host::max_datagram_size];
};

Errno Cork::begin(const SendRequest& request) {
  datagram_ = static_cast<Datagram*>(malloc(sizeof(Datagram)));
  if (datagram_ == nullptr) return ENOMEM;
  datagram_->size = gather(request.buffers, datagram_->data, request.size);
  datagram_->has_destination = request.destination != nullptr;
  datagram_->destination = request.destination_address;
  return success;
}

Errno Cork::append(const SendRequest& request) {
  if (request.buffers.vector == nullptr) return EFAULT;
  if (request.size > host::max_datagram_size - datagram_->size) return EMSGSIZE;
  gather(request.buffers, datagram_->data + datagram_->size, request.size);
  return success;
}

void Cork::keep(size_t size) { datagram_->size += size; }

void Cork::drop() {
  free(datagram_);
  datagram_ = nullptr;
}

void Cork::take(Cork& other) {
  drop();
  datagram_ = other.datagram_;
  other.datagram_ = nullptr;
}

void Cork::describe(size_t more, iovec& piece, SendRequest& request) const {
  piece = {datagram_->data, datagram_->size + more};
  request.buffers = {&piece, 1};
  request.size = piece.iov_len;
  request.destination = datagram_->has_destination ? &datagram_->destination : nullptr;
}

}  // namespace posix_sockets
