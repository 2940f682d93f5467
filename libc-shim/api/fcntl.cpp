// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// fcntl, ioctl.
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "api/entry.h"
#include "kinds/libc.h"
#include "kinds/verbs.h"

extern "C" {
int WPS_REAL(fcntl)(int, int, ...);
int WPS_REAL(ioctl)(int, int, ...);
}

namespace posix_sockets {
namespace {

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
      const bool is_pipe = description.pipe_capacity().ok();
      if (packets && !is_pipe) return Errno(EINVAL);
      const int settable = settable_status | (is_pipe ? O_DIRECT : 0);
      description.status_flags = (description.status_flags & ~settable) | (static_cast<int>(argument) & settable);
      return 0;
    }
    case F_GETOWN:
      return description.socket() != nullptr ? Result<int>(0) : Result<int>(Errno(EINVAL));
    case F_GETPIPE_SZ:
      return description.pipe_capacity();
    case F_SETPIPE_SZ:
      return description.set_pipe_capacity(static_cast<size_t>(argument));
    default:
      return Errno(EINVAL);
  }
}

// FIONREAD of a file: what is left behind the offset. Standard input isn't known until it is read through us.
Errno file_readable_bytes(int number, int libc_number, void* argument) {
  if (!accessible(argument, sizeof(int))) return EFAULT;
  if (libc_number == 0) {
    fd::take_over_standard_input(number);
    Description* input = fd::find(number);
    if (input == nullptr) return ENOMEM;
    Result<int> bytes = input->readable_bytes();
    if (!bytes.ok()) return bytes.error();
    *static_cast<int*>(argument) = bytes.value();
    return success;
  }
  struct stat status;
  if (libc::fstat(libc_number, &status) != 0) return errno;
  if (!S_ISREG(status.st_mode)) return ENOTTY;
  InsideLibc inside;
  const off_t offset = lseek(libc_number, 0, SEEK_CUR);
  if (offset < 0) return errno;
  const off_t left = status.st_size > offset ? status.st_size - offset : 0;
  *static_cast<int*>(argument) = left > INT_MAX ? INT_MAX : static_cast<int>(left);
  return success;
}

Errno ioctl_ours(Description& description, unsigned long request, void* argument) {
  switch (request) {
    case FIONBIO: {
      if (!accessible(argument, sizeof(int))) return EFAULT;
      const bool nonblocking = *static_cast<int*>(argument) != 0;
      description.status_flags = (description.status_flags & ~O_NONBLOCK) | (nonblocking ? O_NONBLOCK : 0);
      return success;
    }
    case FIOASYNC:
      // Who is told was never set, so nobody is, as on Linux.
      if (!accessible(argument, sizeof(int))) return EFAULT;
      return description.socket() != nullptr ? success : Errno(ENOTTY);
    case FIONREAD:
    case TIOCOUTQ: {
      Result<int> bytes = request == FIONREAD ? verbs::readable_bytes(description) : verbs::unsent_bytes(description);
      if (!bytes.ok()) return bytes.error();
      if (!accessible(argument, sizeof(int))) return EFAULT;
      *static_cast<int*>(argument) = bytes.value();
      return success;
    }
    default:
      return description.unknown_request();
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

// fcntl(2). F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD on every descriptor; F_GETFL, F_SETFL (O_NONBLOCK, O_APPEND) on
// sockets, and everything else goes to libc for files. Errors: EBADF, also F_GETPIPE_SZ and F_SETPIPE_SZ on what isn't a
// pipe; EINVAL the command or its argument; EMFILE; ENOMEM.
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

// ioctl(2) on sockets: FIONBIO, FIONREAD, TIOCOUTQ, FIOASYNC. Errors: EBADF; ENOTTY another request; EINVAL FIONREAD on a
// listener; EFAULT.
int WPS_ENTRY(ioctl)(int number, int request, ...) {
  va_list arguments;
  va_start(arguments, request);
  void* argument = va_arg(arguments, void*);
  va_end(arguments);
  const fd::Target target = fd::resolve(number);
  if (!InsideLibc::active()) {
    // The descriptor's own flags.
    if (request == FIOCLEX || request == FIONCLEX) return report(fd::set_close_on_exec(number, request == FIOCLEX));
  }
  if (target.ours == nullptr) {
    if (!libc::is_open(target.libc)) return report(EBADF);
    if (request == FIONREAD) return report(file_readable_bytes(number, target.libc, argument));
    if (request == FIONBIO) {
      if (!accessible(argument, sizeof(int))) return report(EFAULT);
      return WPS_ENTRY(fcntl)(number, F_SETFL, *static_cast<int*>(argument) != 0 ? O_NONBLOCK : 0);
    }
    return WPS_REAL(ioctl)(target.libc, request, argument);
  }
  return report(ioctl_ours(*target.ours, static_cast<unsigned long>(request), argument));
}
}
