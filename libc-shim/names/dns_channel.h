// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A socket to a name server. The host's own, below the entry points: getaddrinfo() must not make a program as large as if it
// used datagrams, Unix sockets and poll, and needs no descriptor.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "support/address.h"
#include "support/deadline.h"
#include "wit-bindings/host.h"

namespace posix_sockets::dns {

Deadline in_seconds(int seconds);

enum class Transport : uint8_t { datagram, stream };

// A socket that is connected to a server, so that only the server's datagrams reach it. Its calls return false when the
// server can't be asked, or doesn't answer in time; errno says why it isn't usable().
class Channel {
 public:
  Channel(const SocketAddress& server, Transport transport, Deadline deadline);
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  bool usable() const { return usable_; }
  // An errno that concerns the guest rather than the server: no other server would do better.
  int own_error() const { return own_error_; }

  bool send_all(const uint8_t* data, size_t size);
  // One datagram, or some bytes of a stream. 0: the end, or nothing in time.
  size_t receive(uint8_t* data, size_t room);
  bool receive_all(uint8_t* data, size_t size);
  bool in_time() const;

 private:
  void open_datagrams(const SocketAddress& server);
  void connect(const SocketAddress& server);
  bool wait(const host::Source& source);
  size_t send_some(const uint8_t* data, size_t size);
  size_t send_datagram(const uint8_t* data, size_t size);
  // 0: the channel is to be asked again, unless it is unusable or `waits` says that nothing comes in time.
  size_t receive_datagram(uint8_t* data, size_t room, int& waits);
  size_t receive_bytes(uint8_t* data, size_t room, int& waits);
  bool ask_again(int waits);
  void fail(Errno error);

  Transport transport_;
  Deadline deadline_;
  bool usable_ = true;
  int own_error_ = 0;
  void* buffer_ = nullptr;          // what the host answers datagrams into
  const uint8_t* asked_ = nullptr;  // what was sent last
  size_t asked_size_ = 0;
  host::DatagramSocket datagrams_;
  host::Connection connection_;
};

}  // namespace posix_sockets::dns
