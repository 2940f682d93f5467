// The working directory and the root.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <stdlib.h>
#include <unistd.h>

#include "fail.h"

extern "C" {

// EPERM: it takes a privilege; the host has confined the guest already.
int chroot(const char*) { return posix_sockets::compat::fail(EPERM); }

char* get_current_dir_name() { return getcwd(nullptr, 0); }

// The process has one identity, so the effective one has the rights of the real one.
int eaccess(const char* path, int mode) { return access(path, mode); }
int euidaccess(const char* path, int mode) { return access(path, mode); }

}  // extern "C"
