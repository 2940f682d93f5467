/* The kernel's name of what is in <errno.h>. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_ASM_ERRNO_H
#define _WASI_POSIX_ASM_ERRNO_H

#include <errno.h>

#endif
