// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// fcntl.
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <unistd.h>

#include "api/entry.h"
#include "api/lock_range.h"
#include "api/owner.h"
#include "file/libc.h"
#include "pipe/pipe.h"

extern "C" int WPS_REAL(fcntl)(int, int, ...);
WPS_TAKE_FROM_LIBC(fcntl)

namespace posix_sockets {
namespace {

constexpr long most_signal = 64;

// What F_SETFL may change; the kernel ignores the rest.
constexpr int settable_status = O_NONBLOCK | O_APPEND;

// Commands on the number, the same for files and sockets. ENOSYS: not one of them.
Result<int> fcntl_number(int number, int command, long argument) {
  switch (command) {
    case F_DUPFD:
    case F_DUPFD_CLOEXEC:
      return fd::duplicate(number, static_cast<int>(argument), command == F_DUPFD_CLOEXEC);
    case F_GETFD: {
      Result<bool> flag = fd::close_on_exec(number);
      if (!flag.ok()) return flag.error();
      return flag.value() ? FD_CLOEXEC : 0;
    }
    case F_SETFD: {
      const Errno error = fd::set_close_on_exec(number, (argument & FD_CLOEXEC) != 0);
      return error.ok() ? Result<int>(0) : Result<int>(error);
    }
    default:
      return Errno(ENOSYS);
  }
}

Result<int> fcntl_ours(Description& description, int command, long argument) {
  switch (command) {
    case F_GETFL:
      return description.status_flags;
    case F_SETFL: {
      const bool packets = (argument & O_DIRECT) != 0;
      const bool is_pipe = description.is(kinds::pipes);
      if (packets && !is_pipe) return Errno(EINVAL);
      const int settable = settable_status | (is_pipe ? O_DIRECT : 0);
      description.status_flags = (description.status_flags & ~settable) | (static_cast<int>(argument) & settable);
      return 0;
    }
    case F_GETOWN:
      return owner_of(description);
    case F_SETOWN: {
      const Errno error = set_owner(description, static_cast<int>(argument));
      return error.ok() ? Result<int>(0) : Result<int>(error);
    }
    case F_GETSIG:
      return static_cast<int>(description.owner_signal);
    case F_SETSIG:
      if (argument < 0 || argument > most_signal) return Errno(EINVAL);
      description.owner_signal = static_cast<uint8_t>(argument & 0x7f);
      return 0;
    case F_GETPIPE_SZ:
      if (const PipeEnd* end = as<PipeEnd>(&description)) return static_cast<int>(end->buffer().capacity());
      return Errno(EBADF);
    case F_SETPIPE_SZ:
      return description.set_pipe_capacity(static_cast<size_t>(argument));
    default:
      return Errno(EINVAL);
  }
}

// Files have O_NONBLOCK as Linux's have it: kept, and without meaning. wasi-libc doesn't keep it.
int fcntl_file(Description* file, int libc_number, int command, long argument) {
  switch (command) {
    case F_GETPIPE_SZ:
    case F_SETPIPE_SZ:
      return report(EBADF);
    case F_GETFL: {
      const int flags = WPS_REAL(fcntl)(libc_number, command);
      return flags >= 0 && file != nullptr ? flags | (file->status_flags & O_NONBLOCK) : flags;
    }
    case F_SETFL: {
      const int before = errno;
      int result = WPS_REAL(fcntl)(libc_number, command, argument & ~O_NONBLOCK);
      // The streams of the host, which the standard ones are, have no flags that could be set.
      if (result < 0 && libc_number <= STDERR_FILENO) {
        errno = before;
        result = 0;
      }
      if (result >= 0 && file != nullptr) file->status_flags = static_cast<int>(argument) & O_NONBLOCK;
      return result;
    }
    default:
      return WPS_REAL(fcntl)(libc_number, command, argument);
  }
}

}  // namespace
}  // namespace posix_sockets

using namespace posix_sockets;

extern "C" {

// fcntl(2). F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD on every descriptor; F_GETFL, F_SETFL (O_NONBLOCK, O_APPEND),
// F_GETOWN, F_SETOWN, F_GETSIG, F_SETSIG on sockets; F_GETLK, F_SETLK, F_SETLKW and F_OFD_* on everything, within the
// program; and everything else goes to libc for files. Errors: EBADF, also F_GETPIPE_SZ and F_SETPIPE_SZ on what isn't a pipe;
// EINVAL the command or its argument; ESRCH an owner that isn't there; EMFILE; ENOMEM; and those of lock_range().
int WPS_ENTRY(fcntl)(int number, int command, ...) {
  va_list arguments;
  va_start(arguments, command);
  const long argument = va_arg(arguments, long);
  va_end(arguments);
  const fd::Target target = fd::resolve(number);
  if (!InsideLibc::active()) {
    Result<int> result = fcntl_number(number, command, argument);
    if (!(result.error() == ENOSYS)) return report<int>(result);
  }
  if (is_lock_command(command) && !InsideLibc::active())
    return report(lock_range(number, command, reinterpret_cast<void*>(argument)));
  if (target.ours != nullptr) return report<int>(fcntl_ours(*target.ours, command, argument));
  if (InsideLibc::active()) return WPS_REAL(fcntl)(target.libc, command, argument);
  if (!libc::is_open(target.libc)) return report(EBADF);
  if (command == F_SETFL && (argument & O_NONBLOCK) != 0) {
    (void)fd::close_on_exec(number);  // from now on files have descriptions
    // Reading without waiting is done by us on standard input.
    if (target.libc == 0) fd::take_over_standard_input(number);
    const fd::Target taken = fd::resolve(number);
    if (taken.ours != nullptr) return report<int>(fcntl_ours(*taken.ours, command, argument));
  }
  return fcntl_file(fd::find(number), target.libc, command, argument);
}
}
