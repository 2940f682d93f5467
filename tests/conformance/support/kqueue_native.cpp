// Linux has no kqueue. The native program of its cases only lists them, so that ctest knows their names.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <errno.h>

#include "../../../include/sys/event.h"

extern "C" {

int kqueue(void) {
  errno = ENOSYS;
  return -1;
}

int kqueuex(unsigned) { return kqueue(); }

int kevent(int, const struct kevent*, int, struct kevent*, int, const struct timespec*) { return kqueue(); }
}
