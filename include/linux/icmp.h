/* The kernel's name of what is in <netinet/ip_icmp.h>. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_LINUX_ICMP_H
#define _WASI_POSIX_LINUX_ICMP_H

#include <netinet/ip_icmp.h>

#endif
