/* The kernel's name of what is in <limits.h>. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_LINUX_LIMITS_H
#define _WASI_POSIX_LINUX_LIMITS_H

#include <limits.h>

#endif
