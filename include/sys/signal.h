/* Another name of <signal.h>. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_SYS_SIGNAL_H
#define _WASI_POSIX_SYS_SIGNAL_H

#include <signal.h>

#endif
