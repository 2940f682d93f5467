// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The one loop of all calls that wait for several descriptions.
#pragma once

#include "support/deadline.h"
#include "support/result.h"
#include "wit-bindings/host.h"

namespace posix_sockets {

// Correct waiting: look at what the guest knows; for the rest, wait for sources; then ask the host about those that it reported, since
// ready can mean only that it's worth asking (a stream stays ready until a read came back empty).
//
// `waiter` does that, by wait_limit(), look() and wait(known, until), as Watcher has them; `tell()` gives how many events there are and
// writes them. 0: none by the deadline. Errors as PollSet::wait(), after EINTR without a look at anything; and tell()'s.
template <class Waiter, class Tell>
Result<int> wait_for_events(Waiter& waiter, Tell tell, Deadline deadline) {
  for (;;) {
    const Deadline limit = waiter.wait_limit();
    const bool limited = limit.instant < deadline.instant;
    const bool known = waiter.look();
    const Errno waited = waiter.wait(known, limited ? limit : deadline);
    if (!waited.ok() && !(waited == ETIMEDOUT)) return waited;
    const Result<int> told = tell();
    if (!told.ok() || told.value() != 0 || deadline.is_immediate()) return told;
    if (!waited.ok() && !known && !limited) return 0;
    // What was reported turned out to be nothing.
    if (!deadline.is_never() && host::now() >= deadline.instant) return 0;
  }
}

}  // namespace posix_sockets
