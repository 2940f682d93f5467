// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A host socket of UDP, which is of one family. A socket of ours has one, or two if it takes both families.
#pragma once

#include "wit-bindings/host.h"

namespace posix_sockets {

class Endpoint {
 public:
  Endpoint() = default;  // there is none
  Endpoint(Family family, host::DatagramSocket socket)
      : socket_(static_cast<host::DatagramSocket&&>(socket)), family_(family) {}

  explicit operator bool() const { return static_cast<bool>(socket_); }
  Family family() const { return family_; }
  const host::DatagramSocket& socket() const { return socket_; }
  host::DatagramSocket& socket() { return socket_; }

  // From then on it is open.
  Errno bind(const SocketAddress& address);
  // To talk to `remote` alone, or to anybody if it is null. A refusal closes it, too.
  Errno connect(const SocketAddress* remote);
  // Until it is connected again, to somebody or to anybody, it receives nothing and can't send.
  void close() { closed_ = true; }
  bool is_open() const { return !closed_ && socket_.is_open(); }
  // Becomes a new one, unbound, with the options of this one.
  Errno renew(Family family);

  // Whether a send would be taken: success, EAGAIN, or the error that it would tell.
  Errno room();
  // As host::DatagramSocket::send(), when room() is success.
  Result<size_t> send(const host::OutgoingDatagram* list, size_t count);
  bool has_sent() const { return has_sent_; }

 private:
  host::DatagramSocket socket_;
  Family family_ = Family::ipv4;
  bool closed_ = false;
  bool has_sent_ = false;  // since it was bound or connected last
};

}  // namespace posix_sockets
