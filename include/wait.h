/* The old name of <sys/wait.h>. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_WAIT_H
#define _WASI_POSIX_WAIT_H
#include <sys/wait.h>
#endif
