/* Backtraces: a guest can't see its own calls, so they are empty. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _EXECINFO_H
#define _EXECINFO_H

#ifdef __cplusplus
extern "C" {
#endif

int backtrace(void **, int);
char **backtrace_symbols(void *const *, int);
void backtrace_symbols_fd(void *const *, int, int);

#ifdef __cplusplus
}
#endif

#endif
