/* wasi-libc's single thread, and what it leaves out: scheduling that stays as it is, and an end. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_PTHREAD_H
#define _WASI_POSIX_PTHREAD_H

#include_next <pthread.h>
#include <sched.h>

#ifdef __cplusplus
extern "C" {
#endif

void pthread_exit(void *) __attribute__((__noreturn__));
int pthread_kill(pthread_t, int);
int pthread_cancel(pthread_t);
int pthread_getschedparam(pthread_t, int *__restrict, struct sched_param *__restrict);
int pthread_setschedparam(pthread_t, int, const struct sched_param *);
int pthread_attr_getschedparam(const pthread_attr_t *__restrict, struct sched_param *__restrict);
int pthread_attr_setschedparam(pthread_attr_t *__restrict, const struct sched_param *__restrict);

#ifdef __cplusplus
}
#endif

#endif
