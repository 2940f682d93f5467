/* The kernel's name of what is in <time.h> and <sys/time.h>. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_LINUX_TIME_H
#define _WASI_POSIX_LINUX_TIME_H

#include <sys/time.h>
#include <time.h>

#endif
