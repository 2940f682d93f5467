/* The kernel's name of what is in <sys/ioctl.h>. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_LINUX_IOCTL_H
#define _WASI_POSIX_LINUX_IOCTL_H

#include <sys/ioctl.h>

#endif
