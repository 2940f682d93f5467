/* Another name of <poll.h>. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_SYS_POLL_H
#define _WASI_POSIX_SYS_POLL_H

#include <poll.h>

#endif
