// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A socket to a name server.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "support/address.h"

namespace posix_sockets::dns {

int64_t now_ms();

// A socket that is connected to a server, so that only the server's datagrams reach it. Its calls return false when the
// server can't be asked, or doesn't answer in time.
class Channel {
 public:
  // `type`: SOCK_DGRAM or SOCK_STREAM; `deadline`: by now_ms().
  Channel(const SocketAddress& server, int type, int64_t deadline);
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
  bool in_time() const { return now_ms() < deadline_; }

 private:
  bool wait(short events);
  // After a call that failed: waits if waiting helps.
  bool may_go_on(short events);
  void note_error();

  int number_;
  int64_t deadline_;
  bool usable_ = true;
  int own_error_ = 0;
};

}  // namespace posix_sockets::dns
