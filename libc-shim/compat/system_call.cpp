// System calls by number, and Linux's calls for namespaces and accounting: there is no kernel to call.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sched.h>
#include <sys/klog.h>
#include <sys/reboot.h>
#include <unistd.h>

#include "fail.h"

using posix_sockets::compat::fail;

extern "C" {

// ENOSYS: always.
long syscall(long, ...) { return fail(ENOSYS); }
int acct(const char*) { return fail(ENOSYS); }
int klogctl(int, char*, int) { return fail(ENOSYS); }

// EPERM: always.
int unshare(int) { return fail(EPERM); }
int setns(int, int) { return fail(EPERM); }
int reboot(int) { return fail(EPERM); }
int vhangup() { return fail(EPERM); }

}  // extern "C"
