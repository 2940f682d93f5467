// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Calls on descriptors that only files serve: translated for files, and for sockets the errno that Linux gives.
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <unistd.h>

#include "api/entry.h"
#include "api/status.h"
#include "file/libc.h"

using namespace posix_sockets;

// A function whose first parameter is the descriptor: libc's for files, `error` for the rest.
#define WPS_FILE_CALL(result, name, error, parameters, arguments)        \
  result WPS_REAL(name) parameters;                                      \
  WPS_TAKE_FROM_LIBC(name)                                               \
  result WPS_ENTRY(name) parameters {                                    \
    const fd::Target target = fd::resolve(number);                       \
    if (target.ours != nullptr && target.libc < 0) return report(error); \
    number = target.libc;                                                \
    InsideLibc inside;                                                   \
    return WPS_REAL(name) arguments;                                     \
  }

namespace {

constexpr int most_whence = 4;  // SEEK_HOLE

// What has no position. Of the kernel's anonymous descriptors it is always 0, which report() makes of success.
Errno error_of_seek(const Description& description, int whence) {
  if (whence < 0 || whence > most_whence) return EINVAL;
  return description.is_anonymous() || description.is_device() ? success : Errno(ESPIPE);
}

bool is_pipe(Description& description) { return description.is(kinds::pipes); }

}  // namespace

extern "C" {

// Of the streams that the host gives, which the standard ones are, wasip2's libc has other errors.
static off_t result_of_seek(int libc_descriptor, off_t result, int whence) {
  if (result >= 0 || libc_descriptor < 0 || libc_descriptor > STDERR_FILENO || errno == EBADF) return result;
  errno = whence < 0 || whence > most_whence ? EINVAL : ESPIPE;
  return result;
}

#define WPS_SEEK(name, whence, parameters, arguments)                                                  \
  off_t WPS_REAL(name) parameters;                                                                     \
  off_t WPS_ENTRY(name) parameters {                                                                   \
    const fd::Target target = fd::resolve(number);                                                     \
    if (target.ours != nullptr && target.libc < 0) return report(error_of_seek(*target.ours, whence)); \
    number = target.libc;                                                                              \
    InsideLibc inside;                                                                                 \
    return result_of_seek(number, WPS_REAL(name) arguments, whence);                                   \
  }
WPS_SEEK(lseek, whence, (int number, off_t offset, int whence), (number, offset, whence))
WPS_SEEK(__lseek, whence, (int number, off_t offset, int whence), (number, offset, whence))
// What libc's headers make of lseek(number, 0, SEEK_CUR).
WPS_SEEK(__wasilibc_tell, SEEK_CUR, (int number), (number))
WPS_FILE_CALL(int, ftruncate, EINVAL, (int number, off_t length), (number, length))
WPS_FILE_CALL(int, fsync, EINVAL, (int number), (number))
WPS_FILE_CALL(int, fdatasync, EINVAL, (int number), (number))
WPS_FILE_CALL(int, fstatvfs, ENOSYS, (int number, struct statvfs* status), (number, status))

int WPS_REAL(posix_fadvise)(int, off_t, off_t, int);
WPS_TAKE_FROM_LIBC(posix_fadvise)
int WPS_REAL(posix_fallocate)(int, off_t, off_t);
WPS_TAKE_FROM_LIBC(posix_fallocate)
int WPS_REAL(isatty)(int);
WPS_TAKE_FROM_LIBC(isatty)
int WPS_REAL(fchmod)(int, mode_t);
WPS_TAKE_FROM_LIBC(fchmod)
int WPS_REAL(fstat)(int, struct stat*);
WPS_TAKE_FROM_LIBC(fstat)
int WPS_REAL(futimens)(int, const timespec*);
WPS_TAKE_FROM_LIBC(futimens)

// futimens(3p). What isn't a file takes any time. Errors: EFAULT; and libc's.
int WPS_ENTRY(futimens)(int number, const timespec* times) {
  if (times != nullptr && !accessible(times, 2 * sizeof *times)) return report(EFAULT);
  const fd::Target target = fd::resolve(number);
  if (target.ours != nullptr && target.libc < 0) return 0;
  InsideLibc inside;
  return WPS_REAL(futimens)(target.libc, times);
}

// posix_fadvise(3p) and posix_fallocate(3p) return the error.
int WPS_ENTRY(posix_fadvise)(int number, off_t offset, off_t length, int advice) {
  const fd::Target target = fd::resolve(number);
  if (target.ours != nullptr && target.libc < 0) {
    if (is_pipe(*target.ours)) return ESPIPE;
    return advice < 0 || advice > POSIX_FADV_NOREUSE ? EINVAL : 0;
  }
  return WPS_REAL(posix_fadvise)(target.libc, offset, length, advice);
}
int WPS_ENTRY(posix_fallocate)(int number, off_t offset, off_t length) {
  const fd::Target target = fd::resolve(number);
  if (target.ours != nullptr && target.libc < 0) {
    if (offset < 0 || length <= 0) return EINVAL;
    if ((target.ours->status_flags & O_ACCMODE) == O_RDONLY) return EBADF;
    return is_pipe(*target.ours) ? ESPIPE : ENODEV;
  }
  return WPS_REAL(posix_fallocate)(target.libc, offset, length);
}

// isatty(3p): 1, or 0 with ENOTTY or EBADF.
int WPS_ENTRY(isatty)(int number) {
  const fd::Target target = fd::resolve(number);
  if (target.ours == nullptr || target.libc >= 0) return WPS_REAL(isatty)(target.libc);
  errno = target.ours->unknown_request().value();
  return 0;
}
int WPS_ENTRY(__isatty)(int number) { return WPS_ENTRY(isatty)(number); }

// fchmod(2). What isn't a file keeps the mode; libc's is ENOSYS.
int WPS_ENTRY(fchmod)(int number, mode_t mode) {
  const fd::Target target = fd::resolve(number);
  if (target.ours == nullptr || target.libc >= 0) {
    return libc::is_open(target.libc) ? WPS_REAL(fchmod)(target.libc, mode) : report(EBADF);
  }
  Socket* socket = as<Socket>(target.ours);
  if (socket != nullptr) socket->mode = mode & 07777;
  return 0;
}

// fstat(2). A socket is S_IFSOCK, and the guest's own, as a pipe is. Errors: EBADF, EFAULT.
int WPS_ENTRY(fstat)(int number, struct stat* status) {
  const fd::Target target = fd::resolve(number);
  if (target.ours == nullptr || target.libc >= 0) {
    if (!accessible(status)) return report(libc::is_open(target.libc) ? EFAULT : EBADF);
    const int result = WPS_REAL(fstat)(target.libc, status);
    if (result == 0) complete_status(*status);
    return result;
  }
  if (!accessible(status)) return report(EFAULT);
  const Errno error = target.ours->stat(*status);
  if (error.ok() && !target.ours->is_anonymous() && !target.ours->is_device()) {
    status->st_uid = getuid();
    status->st_gid = getgid();
  }
  return report(error);
}
}
