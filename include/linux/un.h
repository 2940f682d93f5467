/* The kernel's name of what is in <sys/un.h>. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_LINUX_UN_H
#define _WASI_POSIX_LINUX_UN_H

#include <sys/un.h>

#define UNIX_PATH_MAX 108

#endif
