// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "udp/endpoint.h"

#include "wait/settle.h"

namespace posix_sockets {

Errno Endpoint::bind(const SocketAddress& address) {
  const Errno error = socket_.bind(address);
  return error.ok() ? connect(nullptr) : error;
}

Errno Endpoint::connect(const SocketAddress* remote) {
  closed_ = has_sent_ = false;
  return socket_.connect(remote);
}

Errno Endpoint::renew(Family family) {
  Result<host::DatagramSocket> fresh = host::DatagramSocket::create(family);
  if (!fresh.ok()) return fresh.error();
  constexpr host::Option kept[] = {host::Option::hop_limit, host::Option::receive_buffer_size,
                                   host::Option::send_buffer_size};
  for (const host::Option option : kept) {
    const Result<uint64_t> value = socket_.option(option);
    if (value.ok()) (void)fresh.value().set_option(option, value.value());
  }
  *this = Endpoint(family, static_cast<host::DatagramSocket&&>(fresh.value()));
  return success;
}

// Of a new socket, which can always send, a host notices that only after some time.
Errno Endpoint::room() {
  const Errno room = socket_.room();
  if (!(room == EAGAIN) || has_sent_ || !settle(Settling::first_room, socket_.writable())) return room;
  return socket_.room();
}

Result<size_t> Endpoint::send(const host::OutgoingDatagram* list, size_t count) {
  const Result<size_t> sent = socket_.send(list, count);
  if (sent.ok() || sent.error() == EAGAIN) has_sent_ = true;
  return sent;
}

}  // namespace posix_sockets
