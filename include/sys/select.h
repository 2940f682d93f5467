/* What programs size sets by that they allocate themselves, for descriptors of any number. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_SYS_SELECT_H
#define _WASI_POSIX_SYS_SELECT_H

#include_next <sys/select.h>

/* wasi-libc's fd_set is no bitmap but a count and the members. n members are in howmany(n, NFDBITS) * sizeof(fd_mask)
   bytes all the same, when a mask stands for one descriptor and has room for the count beside it. */
typedef long long fd_mask;
#if defined(_GNU_SOURCE) || defined(_BSD_SOURCE)
#define NFDBITS 1
#endif

#endif
