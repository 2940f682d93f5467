/* AF_UNIX names: sun_path is in <__struct_sockaddr_un.h>; SUN_LEN, which wasi-libc gives only under _GNU_SOURCE. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_SYS_UN_H
#define _WASI_POSIX_SYS_UN_H

#include <stddef.h>
#include <string.h>
#include_next <sys/un.h>

#undef SUN_LEN
#define SUN_LEN(s) (offsetof(struct sockaddr_un, sun_path) + strlen((s)->sun_path))

#endif
