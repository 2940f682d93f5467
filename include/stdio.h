/* Pipes to programs and temporary files, which <stdio.h> of wasi-libc hides. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_STDIO_H
#define _WASI_POSIX_STDIO_H

/* wasi-libc declares these two as deprecated, as it doesn't define them; the library does. */
#define tmpfile __wasi_libc_has_no_tmpfile
#define tmpnam __wasi_libc_has_no_tmpnam
#include_next <stdio.h>
#undef tmpfile
#undef tmpnam

#define P_tmpdir "/tmp"
#define L_tmpnam 20
#define TMP_MAX 10000

#ifdef __cplusplus
extern "C" {
#endif

FILE *popen(const char *, const char *);
int pclose(FILE *);
FILE *tmpfile(void);
char *tmpnam(char *);
char *tempnam(const char *, const char *);
void flockfile(FILE *);
int ftrylockfile(FILE *);
void funlockfile(FILE *);

#if defined(_LARGEFILE64_SOURCE) || defined(_GNU_SOURCE)
#define tmpfile64 tmpfile
#endif

#ifdef __cplusplus
}
#endif

#endif
