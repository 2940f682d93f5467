/* The kernel's name of what is in <netinet/tcp.h>. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_LINUX_TCP_H
#define _WASI_POSIX_LINUX_TCP_H

#include <netinet/tcp.h>

#endif
