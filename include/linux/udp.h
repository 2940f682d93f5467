/* The kernel's name of what is in <netinet/udp.h>. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_LINUX_UDP_H
#define _WASI_POSIX_LINUX_UDP_H

#include <netinet/udp.h>

#endif
