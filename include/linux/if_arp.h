/* The kernel's name of what is in <net/if_arp.h>. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_LINUX_IF_ARP_H
#define _WASI_POSIX_LINUX_IF_ARP_H

#include <net/if_arp.h>

#endif
