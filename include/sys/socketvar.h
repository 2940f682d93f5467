/* Another name of <sys/socket.h>. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_SYS_SOCKETVAR_H
#define _WASI_POSIX_SYS_SOCKETVAR_H

#include <sys/socket.h>

#endif
