/* Another name of <fcntl.h>. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_SYS_FCNTL_H
#define _WASI_POSIX_SYS_FCNTL_H

#include <fcntl.h>

#endif
