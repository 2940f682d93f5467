// uname, which libc fills in without a look at where to.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/utsname.h>

#include "fail.h"
#include "support/pointer.h"

extern "C" {

int __real_uname(struct utsname*);

// uname(2): libc's. EFAULT.
int __wrap_uname(struct utsname* names) {
  return posix_sockets::accessible(names) ? __real_uname(names) : posix_sockets::compat::fail(EFAULT);
}

}  // extern "C"
