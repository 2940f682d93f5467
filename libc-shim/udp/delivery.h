// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Where datagrams go that the host gives: the first to the receive that is under way, the others to the socket's queue.
#pragma once

#include "udp/socket.h"

namespace posix_sockets {

struct UdpSocket::Delivery {
  explicit Delivery(UdpSocket& socket, ReceiveRequest* request = nullptr) : socket(socket), request(request) {}

  // As host::TakeDatagram; `context` is the delivery.
  static void take(void* context, const uint8_t* data, size_t size, const SocketAddress& source);
  // Fills the request.
  void serve(const uint8_t* data, size_t datagram_size, const SocketAddress& source);

  UdpSocket& socket;
  ReceiveRequest* request;  // null: there is none, or it is served
  size_t size = 0;          // of the datagram that served it
  bool served = false;
};

}  // namespace posix_sockets
