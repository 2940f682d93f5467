// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// F_GETLK and its kin.
#pragma once

#include "file/file_locks.h"

namespace posix_sockets {

bool is_lock_command(int command);

// Errors: EBADF not open, or not for that kind of lock; EFAULT; EINVAL the type, `l_whence`, the range, or an `l_pid` for
// F_OFD_*; EOVERFLOW; EAGAIN somebody else has it; EDEADLK, in its place for those that wait, as nobody could ever unlock it;
// EINTR the alarm's handler ran; ENOLCK no memory.
Errno lock_range(int number, int command, void* argument);

// Sets it as soon as there is no conflict.
Errno wait_and_set(const FileLock& lock);

}  // namespace posix_sockets
