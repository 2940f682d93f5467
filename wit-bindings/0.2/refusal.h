// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Finds out that what a datagram socket sent was refused: nobody listens there. A host whose kernel has such an answer for the socket
// tells it with the next send, and until then may show it by the pollable for input alone: ready, and yet nothing can be received,
// twice over. Another kind of host shows nothing by that, as its pollable stays ready once something has arrived.
#pragma once

#include <stdint.h>

namespace posix_sockets::host::parts {

class Refusal {
 public:
  // What a send says. Whether it says only what was told already, and what was to be sent can go now.
  bool sent(bool refused);
  // The pollable is ready without input. Whether that's a refusal to be told. `connected`: no other socket is told of any.
  bool shown(bool connected);
  // Whether a look at the pollable may tell anything. None does of a socket that isn't connected, on a host that is known to be of the
  // first kind.
  bool may_be_shown(bool connected) const;
  // Whether the pollable is worthless to wait for.
  bool hides_input() const { return state_ > State::sent; }

 private:
  enum class State : uint8_t {
    none,
    sent,            // a send told it, and none went out since
    sent_and_shown,  // the pollable shows what a send has told
    guessed,         // told from the pollable; the next send tells it again
    never_empty,     // the pollable shows nothing
  };
  State state_ = State::none;
};

}  // namespace posix_sockets::host::parts
