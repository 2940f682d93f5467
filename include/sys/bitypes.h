/* Another name of <sys/types.h>. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_SYS_BITYPES_H
#define _WASI_POSIX_SYS_BITYPES_H

#include <sys/types.h>

#endif
