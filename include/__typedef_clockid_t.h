/* clockid_t as the int that Linux has: programs keep clocks in int variables. wasi-libc's own is a pointer, which is
   passed in the same way. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef __wasilibc___typedef_clockid_t_h
#define __wasilibc___typedef_clockid_t_h

typedef int clockid_t;

#endif
