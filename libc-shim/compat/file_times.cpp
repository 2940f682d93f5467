// Times of files, in the old forms.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/time.h>

#include "fail.h"
#include "support/pointer.h"

namespace {

// 0, or EFAULT, or EINVAL: a time isn't one. Null stands for now and gives null.
int convert(const struct timeval times[2], struct timespec (&out)[2]) {
  if (times != nullptr && !posix_sockets::accessible(times, 2 * sizeof *times)) return EFAULT;
  for (int i = 0; times != nullptr && i < 2; ++i) {
    if (times[i].tv_usec < 0 || times[i].tv_usec >= 1000000) return EINVAL;
    out[i].tv_sec = times[i].tv_sec;
    out[i].tv_nsec = static_cast<long>(times[i].tv_usec * 1000);
  }
  return 0;
}

}  // namespace

extern "C" {

// EFAULT. EINVAL: microseconds out of range. Else the errors of futimens and utimensat.
int futimes(int fd, const struct timeval times[2]) {
  struct timespec precise[2];
  if (const int error = convert(times, precise); error != 0) return posix_sockets::compat::fail(error);
  return futimens(fd, times == nullptr ? nullptr : precise);
}
int lutimes(const char* path, const struct timeval times[2]) {
  struct timespec precise[2];
  if (const int error = convert(times, precise); error != 0) return posix_sockets::compat::fail(error);
  return utimensat(AT_FDCWD, path, times == nullptr ? nullptr : precise, AT_SYMLINK_NOFOLLOW);
}

}  // extern "C"
