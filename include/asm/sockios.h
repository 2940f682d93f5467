/* The kernel's name of what is in <linux/sockios.h>. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_ASM_SOCKIOS_H
#define _WASI_POSIX_ASM_SOCKIOS_H

#include <linux/sockios.h>

#endif
