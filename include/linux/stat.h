/* The kernel's name of what is in <sys/stat.h>. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_LINUX_STAT_H
#define _WASI_POSIX_LINUX_STAT_H

#include <sys/stat.h>

#endif
