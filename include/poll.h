/* poll: the bits that wasi-libc's <poll.h> lacks. Linux's POLLRDHUP and POLLWRBAND are wasi-libc's POLLHUP and
   POLLPRI, so those two have values of their own. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_POLL_H
#define _WASI_POSIX_POLL_H

#include_next <poll.h>

#define POLLRDBAND 0x080
#define POLLWRBAND 0x100
#define POLLMSG 0x400
#define POLLRDHUP 0x800

#endif
