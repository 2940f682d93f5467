// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A host's cooperative budget, and what of it was taken. Such a host lets a guest have 128 successes without a suspension; then nothing
// is ready, nobody waits to be accepted, and there is no room, until the guest suspends. Another kind looks at 128 pollables a call.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "wit-bindings/0.2/handle.h"

namespace posix_sockets::host::budget {

constexpr unsigned whole = 128;

// The guest was told of a success that isn't a pollable's: a connection, room.
void count_success();
// A poll over the import, counted.
size_t poll(const wasi::RawHandle* pollables, size_t count, uint32_t* ready);
// The guest slept: the host begins anew.
void begin();

// A timer that has long elapsed: a look with it doesn't wait. Unlike a zero timer, it takes part in the budget: when that is used up
// this one isn't ready either, so the host suspends, begins anew, and looks at the other pollables again.
wasi::RawHandle elapsed_timer();

// After a poll that told of something: whether the host may have stopped in the midst of it. Then the next one has a whole budget.
bool was_cut();

}  // namespace posix_sockets::host::budget
