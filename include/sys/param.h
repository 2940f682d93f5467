/* <sys/param.h> with what glibc's includes, too. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_SYS_PARAM_H
#define _WASI_POSIX_SYS_PARAM_H

#include <signal.h>
#include_next <sys/param.h>
#include <sys/types.h>

#ifndef HZ
#define HZ 100
#endif
#ifndef NODEV
#define NODEV ((dev_t) - 1)
#endif
#ifndef EXEC_PAGESIZE
#define EXEC_PAGESIZE 4096
#endif

#endif
