/* eventfd: wasi-libc declares it, with an EFD_CLOEXEC of 0. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_SYS_EVENTFD_H
#define _WASI_POSIX_SYS_EVENTFD_H

#include_next <sys/eventfd.h>

/* SOCK_CLOEXEC's value, so that fcntl(F_GETFD) shows what was asked for. */
#undef EFD_CLOEXEC
#define EFD_CLOEXEC 0x2000

#endif
