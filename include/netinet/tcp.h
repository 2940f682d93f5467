/* TCP: what <netinet/tcp.h> of wasi-libc lacks. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_NETINET_TCP_H
#define _WASI_POSIX_NETINET_TCP_H

#include_next <netinet/tcp.h>

/* Other systems' names of the same options. */
#define TCP_NOPUSH TCP_CORK
#define TCP_KEEPALIVE TCP_KEEPIDLE

#endif
