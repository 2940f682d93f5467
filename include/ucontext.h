/* Another name of <sys/ucontext.h>. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_UCONTEXT_H
#define _WASI_POSIX_UCONTEXT_H

#include <sys/ucontext.h>

#endif
