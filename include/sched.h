/* Scheduling parameters beside wasi-libc's sched_yield: they can be read, and not changed. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_SCHED_H
#define _WASI_POSIX_SCHED_H

#include_next <sched.h>
#include <sys/types.h>

#define SCHED_OTHER 0
#define SCHED_FIFO 1
#define SCHED_RR 2
#define SCHED_BATCH 3
#define SCHED_IDLE 5

#ifdef __cplusplus
extern "C" {
#endif

int sched_get_priority_max(int);
int sched_get_priority_min(int);
int sched_getparam(pid_t, struct sched_param *);
int sched_getscheduler(pid_t);
int sched_setparam(pid_t, const struct sched_param *);
int sched_setscheduler(pid_t, int, const struct sched_param *);

#ifdef _GNU_SOURCE
typedef struct cpu_set_t {
  unsigned long __bits[128 / sizeof(long)];
} cpu_set_t;

#define CPU_SETSIZE 1024
#define __CPU_WORD(i) ((i) / (8 * sizeof(long)))
#define __CPU_BIT(i) (1UL << (i) % (8 * sizeof(long)))
#define CPU_SET_S(i, size, set) ((i) / 8UL >= (size) ? 0UL : ((set)->__bits[__CPU_WORD(i)] |= __CPU_BIT(i)))
#define CPU_CLR_S(i, size, set) ((i) / 8UL >= (size) ? 0UL : ((set)->__bits[__CPU_WORD(i)] &= ~__CPU_BIT(i)))
#define CPU_ISSET_S(i, size, set) ((i) / 8UL >= (size) ? 0 : ((set)->__bits[__CPU_WORD(i)] & __CPU_BIT(i)) != 0)
#define CPU_ZERO_S(size, set) ((void)__builtin_memset(set, 0, size))
#define CPU_COUNT_S(size, set) __cpu_count(size, set)
#define CPU_EQUAL_S(size, one, other) (__builtin_memcmp(one, other, size) == 0)
#define CPU_SET(i, set) CPU_SET_S(i, sizeof(cpu_set_t), set)
#define CPU_CLR(i, set) CPU_CLR_S(i, sizeof(cpu_set_t), set)
#define CPU_ISSET(i, set) CPU_ISSET_S(i, sizeof(cpu_set_t), set)
#define CPU_ZERO(set) CPU_ZERO_S(sizeof(cpu_set_t), set)
#define CPU_COUNT(set) CPU_COUNT_S(sizeof(cpu_set_t), set)
#define CPU_EQUAL(one, other) CPU_EQUAL_S(sizeof(cpu_set_t), one, other)

static __inline int __cpu_count(size_t __size, const cpu_set_t *__set) {
  int __count = 0;
  size_t __i;
  for (__i = 0; __i < __size / sizeof(long); ++__i) __count += __builtin_popcountl(__set->__bits[__i]);
  return __count;
}

int sched_getaffinity(pid_t, size_t, cpu_set_t *);
int sched_setaffinity(pid_t, size_t, const cpu_set_t *);
#define CLONE_NEWNS 0x00020000
#define CLONE_NEWUTS 0x04000000
#define CLONE_NEWIPC 0x08000000
#define CLONE_NEWUSER 0x10000000
#define CLONE_NEWPID 0x20000000
#define CLONE_NEWNET 0x40000000
int unshare(int);
int setns(int, int);

int sched_getcpu(void);
#endif

#ifdef __cplusplus
}
#endif

#endif
