/* Another name of <errno.h>. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_SYS_ERRNO_H
#define _WASI_POSIX_SYS_ERRNO_H

#include <errno.h>

#endif
