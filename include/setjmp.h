/* sigsetjmp and siglongjmp, which wasi-libc declares and lacks: setjmp with the signal mask kept beside it.
   Needs wasm exception handling, which wasi-posix-cc turns on. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_SETJMP_H
#define _WASI_POSIX_SETJMP_H

#include_next <setjmp.h>

#if defined(_POSIX_SOURCE) || defined(_POSIX_C_SOURCE) || defined(_XOPEN_SOURCE) || defined(_GNU_SOURCE) || \
    defined(_BSD_SOURCE)

#ifdef __cplusplus
extern "C" {
#endif

/* Keeps the mask in the buffer if `__save` is not 0. setjmp itself must be called in the caller's own frame. */
void __wasi_posix_save_mask(sigjmp_buf, int __save);

#ifdef __cplusplus
}
#endif

#define sigsetjmp(buffer, save) (__wasi_posix_save_mask((buffer), (save)), setjmp(buffer))

#endif

#endif
