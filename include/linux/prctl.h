/* The kernel's name of what is in <sys/prctl.h>. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_LINUX_PRCTL_H
#define _WASI_POSIX_LINUX_PRCTL_H

#include <sys/prctl.h>

#endif
