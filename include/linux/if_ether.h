/* The kernel's name of what is in <net/ethernet.h> and <netinet/if_ether.h>. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_LINUX_IF_ETHER_H
#define _WASI_POSIX_LINUX_IF_ETHER_H

#include <net/ethernet.h>
#include <netinet/if_ether.h>

#endif
