/* The kernel's integer types. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_ASM_TYPES_H
#define _WASI_POSIX_ASM_TYPES_H

#include <linux/types.h>

#endif
