/* What a signal handler's third parameter points to on Linux. There are no registers to show, and none of the functions that
   switch contexts: what looks for these must not find them. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_SYS_UCONTEXT_H
#define _WASI_POSIX_SYS_UCONTEXT_H

#include <signal.h>
#include <stddef.h>

typedef struct {
  unsigned long __none;
} mcontext_t;

typedef struct ucontext {
  unsigned long uc_flags;
  struct ucontext *uc_link;
  stack_t uc_stack;
  mcontext_t uc_mcontext;
  sigset_t uc_sigmask;
} ucontext_t;

#endif
