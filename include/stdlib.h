/* Temporary files and the status macros that POSIX puts into <stdlib.h>. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_STDLIB_H
#define _WASI_POSIX_STDLIB_H

#include_next <stdlib.h>

#ifndef WNOHANG
#define WNOHANG 1
#define WUNTRACED 2
#define WTERMSIG(status) ((status) & 0x7f)
#define WEXITSTATUS(status) (((status) >> 8) & 0xff)
#define WSTOPSIG(status) WEXITSTATUS(status)
#define WCOREDUMP(status) ((status) & 0x80)
#define WIFEXITED(status) (WTERMSIG(status) == 0)
#define WIFSTOPPED(status) (((status) & 0xff) == 0x7f)
#define WIFSIGNALED(status) (WTERMSIG(status) != 0 && WTERMSIG(status) != 0x7f)
#define WIFCONTINUED(status) ((status) == 0xffff)
#endif

#ifdef __cplusplus
extern "C" {
#endif

int mkstemp(char *);
int mkostemp(char *, int);
int mkstemps(char *, int);
int mkostemps(char *, int, int);
char *mkdtemp(char *);
char *mktemp(char *);
int system(const char *);
int getloadavg(double *, int);

/* wasi-libc has these two and hides them. */
void *reallocarray(void *, size_t, size_t);
void qsort_r(void *, size_t, size_t, int (*)(const void *, const void *, void *), void *);

#if defined(_LARGEFILE64_SOURCE) || defined(_GNU_SOURCE)
#define mkstemp64 mkstemp
#define mkostemp64 mkostemp
#define mkstemps64 mkstemps
#define mkostemps64 mkostemps
#endif

/* Pseudo-terminals, of which there are none. */
int posix_openpt(int);
int grantpt(int);
int unlockpt(int);
char *ptsname(int);

#ifdef _GNU_SOURCE
int ptsname_r(int, char *, size_t);
char *secure_getenv(const char *);
#endif
#if defined(_GNU_SOURCE) || defined(_BSD_SOURCE)
void *valloc(size_t);
#endif

#ifdef __cplusplus
}
#endif

#endif
