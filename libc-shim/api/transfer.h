// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The one loop each way that makes blocking calls of operations that never wait.
#pragma once

#include "api/entry.h"

namespace posix_sockets {

// Checks a vector of buffers as readv does: EFAULT, EINVAL (count or total out of range), EMSGSIZE never. The total size.
// `used`: false if the memory isn't touched, so that it may be null.
Result<size_t> check_buffers(const iovec* vector, int count, bool used = true);

// Receives as recvmsg does. Precedence: whatever was transferred is returned before any error or timeout, and the error
// stays for the next call; MSG_WAITALL goes on until the request is full, the stream ends, or SO_RCVTIMEO has passed
// without progress. start_again: see restarting().
Result<size_t> receive_blocking(const fd::Held& held, ReceiveRequest& request);

// Sends as sendmsg does: a blocking stream goes on until all is taken, or SO_SNDTIMEO has passed without progress.
Result<size_t> send_blocking(const fd::Held& held, SendRequest& request);

}  // namespace posix_sockets
