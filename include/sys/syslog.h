/* The old name of <syslog.h>. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_SYS_SYSLOG_H
#define _WASI_POSIX_SYS_SYSLOG_H
#include <syslog.h>
#endif
