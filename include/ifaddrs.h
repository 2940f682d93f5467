/* Addresses of interfaces, with the macros of <net/if.h> that users of getifaddrs expect beside it. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_IFADDRS_H
#define _WASI_POSIX_IFADDRS_H
#include_next <ifaddrs.h>
#include <net/if.h>
#endif
