/* Another name of <termios.h>. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_SYS_TERMIOS_H
#define _WASI_POSIX_SYS_TERMIOS_H

#include <termios.h>

#endif
