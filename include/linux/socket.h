/* The kernel's name of what is in <sys/socket.h>. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_LINUX_SOCKET_H
#define _WASI_POSIX_LINUX_SOCKET_H

#include <sys/socket.h>

#endif
