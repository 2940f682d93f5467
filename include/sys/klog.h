/* The kernel's log, which no guest can read. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _SYS_KLOG_H
#define _SYS_KLOG_H

#ifdef __cplusplus
extern "C" {
#endif

int klogctl(int, char *, int);

#ifdef __cplusplus
}
#endif

#endif
