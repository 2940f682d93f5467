/* The kernel's name of what is in <sys/ioctl.h>. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_ASM_IOCTLS_H
#define _WASI_POSIX_ASM_IOCTLS_H

#include <sys/ioctl.h>

#endif
