/* The kernel's name of what is in <net/if.h>. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_LINUX_IF_H
#define _WASI_POSIX_LINUX_IF_H

#include <net/if.h>

#endif
