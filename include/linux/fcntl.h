/* The kernel's name of what is in <fcntl.h>. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_LINUX_FCNTL_H
#define _WASI_POSIX_LINUX_FCNTL_H

#include <fcntl.h>

#endif
