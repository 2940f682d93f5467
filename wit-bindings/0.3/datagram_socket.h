// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A UDP socket over WASI 0.3: one receive and one send at a time, as calls that may stay under way.
#pragma once

#include "wit-bindings/0.3/events.h"
#include "wit-bindings/host.h"

namespace posix_sockets::host::parts {

// The next datagram, or the answer to something that was sent.
struct Receiving : Call, Watched {
  Receiving();
  void put_under_way(wasi3::RawHandle socket);
  void drop();

  Source source;
  wasi3::RawHandle socket = 0;  // 0: it isn't open
  bool has_answer = false;
  wasi3::ResultOf<wasi3::ReceivedDatagram> answer = {};
};

// A datagram that the host hasn't room for yet. It has taken it all the same, so it counts as sent.
struct Sending : Call, Watched {
  Sending();
  void drop();

  Source source;
  wasi3::SendArguments arguments = {};
  wasi3::ResultUnit result = {};
};

struct DatagramState {
  explicit DatagramState(wasi3::RawHandle its_socket) : socket(its_socket) {}

  wasi3::RawHandle socket;
  bool is_open = false;
  bool is_connected = false;
  Receiving receiving;
  Sending sending;
};

}  // namespace posix_sockets::host::parts
