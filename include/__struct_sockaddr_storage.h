/* struct sockaddr_storage of Linux's size: programs put a sockaddr_un into one, for which wasi-libc's own is too small. The
   calls take the length that the caller gives, so that objects with either size link. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef __wasilibc___struct_sockaddr_storage_h
#define __wasilibc___struct_sockaddr_storage_h

#include <__typedef_sa_family_t.h>

struct sockaddr_storage {
  __attribute__((__aligned__(__BIGGEST_ALIGNMENT__))) sa_family_t ss_family;
  char __ss_data[128 - __BIGGEST_ALIGNMENT__];
};

#endif
