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

// What libc's function said.
inline Result<size_t> from_libc(ssize_t result) {
  return result < 0 ? Result<size_t>(Errno(errno)) : Result<size_t>(static_cast<size_t>(result));
}

// The deadline of an operation that a socket option limits; a timeout of 0 is none.
Deadline deadline_after_us(uint64_t timeout_us);

// The deadline of poll- and select-like calls; zero is immediately. EINVAL: negative, or nanoseconds of a second or more.
Result<Deadline> deadline_of(const timespec& timeout);

// Waits for what is in the set. ETIMEDOUT; EDEADLK: nothing is, there is no deadline, and no alarm; EINTR: the alarm's handler ran.
Errno wait_for(PollSet& set, Deadline deadline);

// The handler of a signal that restarts calls ran, and one of the numbers means something else now: the call is to begin anew,
// and to look its numbers up again. See restarting().
constexpr Errno start_again{-1};

// Waits until one of `wanted` may have come true. ETIMEDOUT: not by the deadline. EDEADLK: there is no deadline, and only
// this program could make it come true, by the call that waits here. EINTR: the alarm's handler ran. start_again: it ran, and the
// number of what is held means something else now.
Errno wait_until_ready(const fd::Held& held, Events wanted, Deadline deadline);

// The result of `call` as the program sees it. Begins anew as often as it's told to; then the call holds nothing any more.
template <class R, class Call>
R restarting(Call call) {
  for (;;) {
    const auto result = call();
    if (!(result.error() == start_again)) return report<R>(result);
  }
}

}  // namespace posix_sockets
