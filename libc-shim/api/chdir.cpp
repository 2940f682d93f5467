// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// chdir to the root, which every Linux process has; a guest only has what it was granted.
#include <errno.h>
#include <unistd.h>

#include "api/entry.h"

using namespace posix_sockets;

namespace {

bool is_root(const char* path) {
  if (*path != '/') return false;
  while (*path == '/') ++path;
  return *path == '\0';
}

}  // namespace

extern "C" {

int WPS_REAL(chdir)(const char* path);
WPS_TAKE_FROM_LIBC(chdir)

// chdir(2). "/" is there even if no folder was granted as "/", as long as the guest is in it, as it is when it starts.
// Result: 0. Errors: EFAULT; ENOENT, ENOTDIR, and what else wasi-libc's chdir gives. Source: POSIX issue 8, chdir(2).
int WPS_ENTRY(chdir)(const char* path) {
  if (!accessible(path)) return report(EFAULT);
  const int saved = errno;
  const int result = WPS_REAL(chdir)(path);
  if (result == 0 || !is_root(path)) return result;
  char here[2];
  if (getcwd(here, sizeof here) == nullptr || !is_root(here)) return report(ENOENT);
  errno = saved;
  return 0;
}
}
