// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// close, dup, dup2, dup3, fdopen, and what libc uses in their place.
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "api/entry.h"
#include "api/linger.h"
#include "file/libc.h"

using namespace posix_sockets;

extern "C" {

int WPS_REAL(close)(int);
WPS_TAKE_FROM_LIBC(close)
FILE* WPS_REAL(fdopen)(int, const char*);
WPS_TAKE_FROM_LIBC(fdopen)
int WPS_REAL(__wasilibc_fd_renumber)(int, int);
WPS_TAKE_FROM_LIBC(__wasilibc_fd_renumber)

// close(2). The last descriptor of a connection ends it; bytes that send() accepted are still delivered, without making
// the program wait, unless SO_LINGER says so. Errors: EBADF.
int WPS_ENTRY(close)(int number) {
  const int libc_number = fd::resolve(number).libc;
  if (fd::find(number) == nullptr || InsideLibc::active()) return WPS_REAL(close)(libc_number);
  linger_before_close(number);
  return report(fd::close(number));
}

// dup(2). Errors: EBADF, EMFILE, ENOMEM.
int WPS_ENTRY(dup)(int number) { return report<int>(fd::duplicate(number, 0, false)); }

// dup2(2). Whatever `to` was is closed. Errors: EBADF, ENOMEM.
int WPS_ENTRY(dup2)(int from, int to) {
  if (from != to) {
    if (fd::find(from) != nullptr) linger_before_close(to);
    return report<int>(fd::duplicate_to(from, to, false));
  }
  Result<bool> open = fd::close_on_exec(from);
  return open.ok() ? to : report(open.error());
}

// dup3(2). Parameter: flags O_CLOEXEC. Errors: EINVAL the numbers are equal, or a flag; EBADF; ENOMEM.
int WPS_ENTRY(dup3)(int from, int to, int flags) {
  if (from == to || (flags & ~O_CLOEXEC) != 0) return report(EINVAL);
  if (fd::find(from) != nullptr) linger_before_close(to);
  return report<int>(fd::duplicate_to(from, to, (flags & O_CLOEXEC) != 0));
}

// fdopen(3p). wasi-libc takes any number. Errors: EBADF; EINVAL the mode wants more than the descriptor can.
FILE* WPS_ENTRY(fdopen)(int number, const char* mode) {
  const fd::Target target = fd::resolve(number);
  if (target.ours == nullptr && !libc::is_open(target.libc)) {
    errno = EBADF;
    return nullptr;
  }
  if (target.ours != nullptr && accessible(mode)) {
    const int access = target.ours->status_flags & O_ACCMODE;
    const bool updates = strchr(mode, '+') != nullptr;
    if ((access == O_RDONLY && (updates || *mode != 'r')) || (access == O_WRONLY && (updates || *mode == 'r'))) {
      errno = EINVAL;
      return nullptr;
    }
  }
  return WPS_REAL(fdopen)(number, mode);
}

// What libc's freopen calls where others have dup3: `from` moves to `to`.
int WPS_ENTRY(__wasilibc_fd_renumber)(int from, int to) {
  if (fd::find(from) == nullptr) return WPS_REAL(__wasilibc_fd_renumber)(from, to);
  if (from == to) return 0;
  Result<int> moved = fd::duplicate_to(from, to, false);
  if (!moved.ok()) return report(moved.error());
  return report(fd::close(from));
}
}
