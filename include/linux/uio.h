/* The kernel's name of what is in <sys/uio.h>. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_LINUX_UIO_H
#define _WASI_POSIX_LINUX_UIO_H

#include <sys/uio.h>

#define UIO_FASTIOV 8
#define UIO_MAXIOV 1024

#endif
