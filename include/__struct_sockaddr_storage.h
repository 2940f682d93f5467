/* struct sockaddr_storage with the 128 bytes of Linux, so that a sockaddr_un fits, too: wasi-libc's has 48. Functions go by the
   lengths that they are given, so objects that were compiled with either link. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef __wasilibc___struct_sockaddr_storage_h
#define __wasilibc___struct_sockaddr_storage_h

#include <__typedef_sa_family_t.h>

struct sockaddr_storage {
  __attribute__((__aligned__(__BIGGEST_ALIGNMENT__))) sa_family_t ss_family;
  char __ss_data[128 - sizeof(sa_family_t)];
};

#endif
