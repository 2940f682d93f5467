// Resource limits: the one that the library has is the number of descriptors. No other can be changed, as nothing here
// could enforce the new value.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <limits.h>
#include <sys/resource.h>
#include <unistd.h>

#include "../fd/limits.h"
#include "../fd/table.h"
#include "../support/libc_name.h"
#include "fail.h"

using posix_sockets::compat::fail;
namespace fd = posix_sockets::fd;

namespace {

// Nobody here has the privilege to raise it again.
rlim_t most_descriptors = descriptor_limit;

rlim_t limit_of(int resource) {
  switch (resource) {
    case RLIMIT_NOFILE:
      return most_descriptors;
    case RLIMIT_CORE:
      return 0;
    case RLIMIT_NPROC:
      return 1;
    default:
      return RLIM_INFINITY;
  }
}

}  // namespace

extern "C" {

// EINVAL: no such resource. EFAULT: null.
int getrlimit(int resource, struct rlimit* limit) {
  if (resource < 0 || resource >= RLIMIT_NLIMITS) return fail(EINVAL);
  if (limit == nullptr) return fail(EFAULT);
  limit->rlim_max = limit_of(resource);
  limit->rlim_cur = resource == RLIMIT_NOFILE ? static_cast<rlim_t>(fd::limit()) : limit->rlim_max;
  return 0;
}

// EINVAL: no such resource, or the current limit above the maximum. EFAULT: null. EPERM: raising the maximum.
// ENOSYS: lowering a limit but that of descriptors. ENOMEM. The limits that hold already succeed.
int setrlimit(int resource, const struct rlimit* limit) {
  if (resource < 0 || resource >= RLIMIT_NLIMITS) return fail(EINVAL);
  if (limit == nullptr) return fail(EFAULT);
  if (limit->rlim_cur > limit->rlim_max) return fail(EINVAL);
  const rlim_t held = limit_of(resource);
  if (limit->rlim_max > held) return fail(EPERM);
  if (resource == RLIMIT_NOFILE) {
    const posix_sockets::Errno error = fd::set_limit(static_cast<int>(limit->rlim_cur));
    if (!error.ok()) return fail(error.value());
    most_descriptors = limit->rlim_max;
    return 0;
  }
  if (limit->rlim_cur != held || limit->rlim_max != held) return fail(ENOSYS);
  return 0;
}

// ESRCH: not this process. Else as getrlimit and setrlimit.
int prlimit(pid_t pid, int resource, const struct rlimit* limit, struct rlimit* previous) {
  if (pid != 0 && pid != getpid()) return fail(ESRCH);
  if (resource < 0 || resource >= RLIMIT_NLIMITS) return fail(EINVAL);
  if (limit != nullptr && setrlimit(resource, limit) < 0) return -1;
  return previous == nullptr ? 0 : getrlimit(resource, previous);
}

int getdtablesize() { return fd::limit(); }

long __real_sysconf(int);
WPS_TAKE_FROM_LIBC(sysconf)

// sysconf(3p): libc's, which doesn't know how many descriptors there can be.
long __wrap_sysconf(int name) { return name == _SC_OPEN_MAX ? fd::limit() : __real_sysconf(name); }

long __real_fpathconf(int, int);
WPS_TAKE_FROM_LIBC(fpathconf)

// fpathconf(3p): libc's, which doesn't know pipes.
long __wrap_fpathconf(int number, int name) { return name == _PC_PIPE_BUF ? PIPE_BUF : __real_fpathconf(number, name); }

}  // extern "C"
