/* The kernel's name of what is in <sys/random.h>. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_LINUX_RANDOM_H
#define _WASI_POSIX_LINUX_RANDOM_H

#include <sys/random.h>

#endif
