// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A host notices some time later what a kernel has done already, such as delivering what one socket of the program sent to
// another.
#pragma once

#include "wait/poll_set.h"

namespace posix_sockets {

// Gives the host the time to notice what must be there, and makes a pollable of the set ready. `expected` is how much that is;
// a vain wait sets it to 0. After one the others are spared for a while: the host's Nagle algorithm can hold things back.
bool host_notices(PollSet& set, uint32_t& expected);

}  // namespace posix_sockets
