/* <dirent.h> without what Linux's doesn't declare: gnulib has functions of these names. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_DIRENT_H
#define _WASI_POSIX_DIRENT_H

#define opendirat __wasilibc_opendirat
#include_next <dirent.h>
#undef opendirat

#endif
