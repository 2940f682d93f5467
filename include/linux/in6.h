/* The kernel's name of what is in <netinet/in.h>. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_LINUX_IN6_H
#define _WASI_POSIX_LINUX_IN6_H

#include <netinet/in.h>

#endif
