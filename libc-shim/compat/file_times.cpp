// Times of files, in the old forms.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/time.h>

#include "fail.h"

namespace {

// False when a time isn't one; null stands for now and gives null.
bool convert(const struct timeval times[2], struct timespec (&out)[2]) {
  for (int i = 0; times != nullptr && i < 2; ++i) {
    if (times[i].tv_usec < 0 || times[i].tv_usec >= 1000000) return false;
    out[i].tv_sec = times[i].tv_sec;
    out[i].tv_nsec = static_cast<long>(times[i].tv_usec * 1000);
  }
  return true;
}

}  // namespace

extern "C" {

// EINVAL: microseconds out of range. Else the errors of futimens and utimensat.
int futimes(int fd, const struct timeval times[2]) {
  struct timespec precise[2];
  if (!convert(times, precise)) return posix_sockets::compat::fail(EINVAL);
  return futimens(fd, times == nullptr ? nullptr : precise);
}
int lutimes(const char* path, const struct timeval times[2]) {
  struct timespec precise[2];
  if (!convert(times, precise)) return posix_sockets::compat::fail(EINVAL);
  return utimensat(AT_FDCWD, path, times == nullptr ? nullptr : precise, AT_SYMLINK_NOFOLLOW);
}

}  // extern "C"
