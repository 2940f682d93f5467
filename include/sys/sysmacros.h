/* The parts of a device's number, as Linux packs them. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _SYS_SYSMACROS_H
#define _SYS_SYSMACROS_H

#define major(device) ((unsigned)(((device) >> 31 >> 1 & 0xfffff000u) | ((device) >> 8 & 0xfffu)))
#define minor(device) ((unsigned)(((device) >> 12 & 0xffffff00u) | ((device) & 0xffu)))
#define makedev(major, minor) \
  (((major) & 0xfffff000ULL) << 32 | ((major) & 0xfffULL) << 8 | ((minor) & 0xffffff00ULL) << 12 | ((minor) & 0xffULL))

#endif
