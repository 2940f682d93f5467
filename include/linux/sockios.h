/* Requests of sockets, with Linux's numbers. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_LINUX_SOCKIOS_H
#define _WASI_POSIX_LINUX_SOCKIOS_H

#include <sys/ioctl.h>

#endif
