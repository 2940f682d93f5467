// Mounting and what is known of file systems: WASI tells nothing of them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/mount.h>
#include <sys/statfs.h>

#include "fail.h"

using posix_sockets::compat::fail;
using posix_sockets::compat::fail_on_descriptor;

extern "C" {

// EPERM: always.
int mount(const char*, const char*, const char*, unsigned long, const void*) { return fail(EPERM); }
int umount(const char*) { return fail(EPERM); }
int umount2(const char*, int) { return fail(EPERM); }

// ENOSYS: always; EBADF: not open.
int statfs(const char*, struct statfs*) { return fail(ENOSYS); }
int fstatfs(int fd, struct statfs*) { return fail_on_descriptor(fd, ENOSYS); }

}  // extern "C"
