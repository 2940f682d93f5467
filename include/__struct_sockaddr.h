/* struct sockaddr with the 14 data bytes that POSIX programs copy; size and alignment are wasi-libc's own. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef __wasilibc___struct_sockaddr_h
#define __wasilibc___struct_sockaddr_h

#include <__typedef_sa_family_t.h>

struct sockaddr {
  __attribute__((__aligned__(__BIGGEST_ALIGNMENT__))) sa_family_t sa_family;
  char sa_data[14];
};

#endif
