// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What poll and select share.
#pragma once

#include <poll.h>

#include "api/entry.h"
#include "wait/signals.h"

namespace posix_sockets {

// poll(2) with a deadline. Fills revents; the number of entries that have any. EBADF never: a bad descriptor is POLLNVAL.
// ENOMEM.
Result<int> poll_until(pollfd* entries, nfds_t count, Deadline deadline);
// The same with other signals blocked meanwhile. EINTR.
Result<int> poll_with_mask(pollfd* entries, nfds_t count, Deadline deadline, const sigset_t* mask);

}  // namespace posix_sockets
