// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Shared by the public entry points: writing errno, and waiting for a description.
#pragma once

#include <errno.h>
#include <time.h>

#include "fd/table.h"
#include "support/deadline.h"
#include "support/libc_name.h"
#include "support/pointer.h"
#include "support/result.h"

// The entry points are reached through wasm-ld --wrap=NAME, so that they replace libc's without touching it, and libc's own
// callers come here too. A native build has no linker of that kind: there the names are plain, with a prefix.
#define WPS_ENTRY(name) __wrap_##name
#define WPS_REAL(name) __real_##name

namespace posix_sockets {

inline int report(Errno error) {
  if (error.ok()) return 0;
  errno = error.value();
  return -1;
}

template <class R, class T>
R report(const Result<T>& result) {
  if (result.ok()) return static_cast<R>(result.value());
  errno = result.error().value();
  return -1;
}

// The deadline of an operation that a socket option limits; a timeout of 0 is none.
Deadline deadline_after_us(uint64_t timeout_us);

// The deadline of poll- and select-like calls; zero is immediately. EINVAL: negative, or nanoseconds of a second or more.
Result<Deadline> deadline_of(const timespec& timeout);

// Waits until one of `wanted` may have come true. ETIMEDOUT: not by the deadline. EDEADLK: there is no deadline, and only
// this program could make it come true, by the call that waits here. EINTR: the alarm's handler ran. EBADF: it closed the
// description, and the call was to go on. After both the description may be gone.
Errno wait_until_ready(Description& description, Events wanted, Deadline deadline);

}  // namespace posix_sockets
