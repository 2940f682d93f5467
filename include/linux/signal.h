/* The kernel's name of what is in <signal.h>. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_LINUX_SIGNAL_H
#define _WASI_POSIX_LINUX_SIGNAL_H

#include <signal.h>

#endif
