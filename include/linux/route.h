/* The kernel's name of what is in <net/route.h>. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_LINUX_ROUTE_H
#define _WASI_POSIX_LINUX_ROUTE_H

#include <net/route.h>

#endif
