/* The kernel's name of what is in <stddef.h>. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_LINUX_STDDEF_H
#define _WASI_POSIX_LINUX_STDDEF_H

#include <stddef.h>

#endif
