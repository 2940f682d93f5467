// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A look at pollables that a host cuts short. One kind of host counts what a guest was told to be ready since it last slept, and
// after 128 says of everything that it isn't; another kind looks at 128 a call.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "wit-bindings/io.h"

namespace posix_sockets {

// A timer that has long elapsed: a look with it doesn't wait. Unlike a zero timer, it takes part in the host's budget: when that is
// used up this one isn't ready either, so the host suspends, starts afresh, and looks at the other pollables again.
const wasi::Pollable& elapsed_timer();

// After a poll that told of something: whether the host may have stopped in the midst of it. Then the next one begins with a
// whole budget.
bool was_cut();

}  // namespace posix_sockets
