/* The kernel's name of what is in <sys/param.h>. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_LINUX_PARAM_H
#define _WASI_POSIX_LINUX_PARAM_H

#include <sys/param.h>

#endif
