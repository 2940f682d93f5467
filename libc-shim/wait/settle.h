// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Settling: what a kernel has done by the time a call returns, a host does or notices some moments later. Where the library knows that
// something must be there, it gives the host those moments. The times are bounded, and all of them are in the table of settle.cpp.
//
// Settling runs nothing of the program and nothing of the library: no handler, no alarm, no output that is held back. Whoever calls
// it finds the world as it was. What may take longer is a wait, and asked for by the entry points.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "support/deadline.h"
#include "wit-bindings/host.h"

namespace posix_sockets {

using host::Source;

// What is there already, or will be at once.
enum class Settling : uint8_t {
  look,             // no time at all: some hosts notice what they did only when they are asked about it
  binding,          // bind and listen, which are immediate in every kernel
  first_room,       // a new connection or datagram socket can send
  loopback_answer,  // to a connect within this machine
  accepted_client,  // the client's end of a connection that its listener has
  arrival,          // what another socket of the program sent
  last_input,       // all that arrived before receiving was shut down, or the connection reset
  early_end,        // the end of what a client sent that broke off before it was accepted
  end_of_input,     // of a connection that is over
  unsent_output,    // the last bytes to another socket of the program, as that one takes them in
  standard_input,   // what it has before the program looks at it first
  count,
};

// True: `source` is ready. False: it wasn't within the time that `reason` has.
bool settle(Settling reason, const Source& source);
// The same of the first of `count` sources.
bool settle(Settling reason, const Source* const* sources, size_t count);

// The time of one reason for several looks. It begins with the first.
class SettlingTime {
 public:
  explicit SettlingTime(Settling reason) : reason_(reason) {}
  bool settle(const Source& source);
  bool settle(const Source* const* sources, size_t count);

 private:
  Settling reason_;
  Deadline deadline_;
};

// settle(Settling::arrival), for `expected` bytes or datagrams; in vain sets that to 0. After that the others are spared for a while:
// the host's Nagle algorithm can hold things back.
bool settle_arrival(const Source* const* sources, size_t count, uint32_t& expected);

}  // namespace posix_sockets
