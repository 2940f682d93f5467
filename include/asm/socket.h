/* The kernel's name of what is in <sys/socket.h> and <linux/sockios.h>. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_ASM_SOCKET_H
#define _WASI_POSIX_ASM_SOCKET_H

#include <linux/sockios.h>
#include <sys/socket.h>

#endif
