/* Another name of <unistd.h>. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_SYS_UNISTD_H
#define _WASI_POSIX_SYS_UNISTD_H

#include <unistd.h>

#endif
