/* struct sockaddr_un with the path that wasi-libc's own lacks; sun_family keeps its place and alignment. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef __wasilibc___struct_sockaddr_un_h
#define __wasilibc___struct_sockaddr_un_h

#include <__typedef_sa_family_t.h>

struct sockaddr_un {
  __attribute__((__aligned__(__BIGGEST_ALIGNMENT__))) sa_family_t sun_family;
  char sun_path[108];
};

#endif
