/* The kernel's name of what is in <netinet/ip.h>. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_LINUX_IP_H
#define _WASI_POSIX_LINUX_IP_H

#include <netinet/ip.h>

#endif
