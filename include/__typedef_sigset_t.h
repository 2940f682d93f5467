/* sigset_t with a bit for each of the 64 signals. wasi-libc's own is a placeholder of one byte that no function of
   its reads, so there is no object format to keep. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef __wasilibc___typedef_sigset_t_h
#define __wasilibc___typedef_sigset_t_h

typedef struct __sigset_t {
  unsigned long __bits[2];
} sigset_t;

#endif
