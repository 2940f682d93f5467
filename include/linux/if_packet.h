/* The kernel's name of what is in <netpacket/packet.h>. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_LINUX_IF_PACKET_H
#define _WASI_POSIX_LINUX_IF_PACKET_H

#include <netpacket/packet.h>

#endif
