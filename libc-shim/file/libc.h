// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Calling libc with libc's own descriptor numbers, from below the entry points.
//
// Everything here goes through the public names, and so through our own entry points, which pass the call on while
// InsideLibc is active. __real_NAME is for the entry point of that NAME alone: wasm-ld resolves it only if the program
// names NAME too.
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace posix_sockets {

// While one lives, entry points take descriptor numbers as libc's own and pass calls through: libc calls its own public
// functions (writev calls write, closedir calls close), and then the numbers are already translated.
class InsideLibc {
 public:
  InsideLibc() { ++depth; }
  ~InsideLibc() { --depth; }
  InsideLibc(const InsideLibc&) = delete;
  InsideLibc& operator=(const InsideLibc&) = delete;
  static bool active() { return depth != 0; }

 private:
  static inline int depth = 0;
};

namespace libc {

inline int close(int descriptor) {
  InsideLibc inside;
  return ::close(descriptor);
}
// F_GETFL; negative if it isn't open. errno stays: asking is no failure of the caller's.
int status_flags(int descriptor);
inline bool is_open(int descriptor) { return status_flags(descriptor) >= 0; }
inline bool is_writable(int descriptor) {
  const int flags = status_flags(descriptor);
  return flags >= 0 && (flags & O_ACCMODE) != O_RDONLY;
}
inline int fstat(int descriptor, struct stat* status) {
  InsideLibc inside;
  return ::fstat(descriptor, status);
}

}  // namespace libc
}  // namespace posix_sockets
