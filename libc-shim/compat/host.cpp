// Facts of the host that a guest can't see or change.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <stdlib.h>
#include <unistd.h>

#include "fail.h"

extern "C" {

// EPERM: it takes a privilege.
int sethostname(const char*, size_t) { return posix_sockets::compat::fail(EPERM); }

// ENOSYS: the load of the host isn't visible.
int getloadavg(double*, int) { return posix_sockets::compat::fail(ENOSYS); }

}  // extern "C"
