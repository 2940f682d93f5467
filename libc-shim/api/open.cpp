// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Where libc opens files: the one function that all of open, openat, creat, fopen and opendir come down to. What it opens
// gets a number that the program may see. Directory arguments at this level are libc's own numbers already.
#include <fcntl.h>
#include <stdarg.h>

#include "api/entry.h"
#include "api/paths.h"
#include "file/libc.h"

using namespace posix_sockets;

extern "C" {
int WPS_REAL(__wasilibc_nocwd_openat_nomode)(int, const char*, int);
WPS_TAKE_FROM_LIBC(__wasilibc_nocwd_openat_nomode)
int WPS_REAL(openat)(int, const char*, int, ...);
WPS_TAKE_FROM_LIBC(openat)
}

namespace {

int open_at(int directory, const char* path, int flags) {
  return WPS_REAL(__wasilibc_nocwd_openat_nomode)(directory, path, flags);
}

// What makes or empties a file and only reads it then. Hosts and wasi-libc take such a file for one that is written, and
// F_GETFL says so; opened in two steps it is what was asked for.
int open_and_read(int directory, const char* path, int flags) {
  const int changes = flags & (O_CREAT | O_EXCL | O_TRUNC);
  const int reads = flags & ~changes;
  const int made = open_at(directory, path, (reads & ~(O_ACCMODE | O_APPEND)) | O_WRONLY | changes);
  if (made < 0) {
    // One that is there already, and can't be written.
    const bool protects = errno == EACCES || errno == EPERM || errno == EROFS || errno == ETXTBSY;
    return protects && changes == O_CREAT ? open_at(directory, path, reads) : made;
  }
  libc::close(made);
  return open_at(directory, path, reads);
}

// Flags that hosts refuse together. Linux opens the directory first and then refuses to empty it, and says that a link isn't one.
int open_directory(int directory, const char* path, int flags) {
  const bool empties = (flags & O_TRUNC) != 0;
  const int opened = open_at(directory, path, flags & ~O_TRUNC);
  if (opened < 0 && errno == ELOOP && (flags & O_NOFOLLOW) != 0) errno = ENOTDIR;
  if (opened < 0 || !empties) return opened;
  libc::close(opened);
  return report(EISDIR);
}

int open_any(int directory, const char* path, int flags) {
  if ((flags & O_CREAT) == 0) flags &= ~O_EXCL;  // without meaning, but to hosts
  if ((flags & (O_DIRECTORY | O_CREAT)) == O_DIRECTORY) return open_directory(directory, path, flags);
  const bool changes = (flags & (O_CREAT | O_TRUNC)) != 0 && (flags & O_ACCMODE) == O_RDONLY;
  return changes && (flags & O_DIRECTORY) == 0 ? open_and_read(directory, path, flags)
                                               : open_at(directory, path, flags);
}

}  // namespace

extern "C" {

int WPS_ENTRY(__wasilibc_nocwd_openat_nomode)(int directory, const char* path, int flags) {
  const Errno error = check_at(directory, path);
  if (!error.ok()) return report(error);
  // On Linux O_RDONLY is 0, and programs write 0 or keep the lower bits only; libc says EINVAL.
  if ((flags & O_ACCMODE) == 0) flags |= O_RDONLY;
  // Linux keeps O_NONBLOCK of files and gives it no meaning; preview1 would make reading one return nothing.
  const int kept = flags & O_NONBLOCK;
  const int opened = open_any(directory, path, flags & ~O_NONBLOCK);
  if (opened >= 0 && note_directory != nullptr) note_directory(opened, directory, path);
  if (opened < 0 || InsideLibc::active()) return opened;
  Result<int> number = fd::adopt(opened);
  if (!number.ok()) libc::close(opened);
  if (number.ok() && kept != 0) {
    (void)fd::close_on_exec(number.value());  // from now on files have descriptions
    if (Description* description = fd::find(number.value())) description->status_flags = kept;
  }
  return report<int>(number);
}

// openat(2): the program's directory number becomes libc's. Errors: as libc's; EMFILE, ENOMEM.
int WPS_ENTRY(openat)(int directory, const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const int mode = (flags & O_CREAT) != 0 ? va_arg(arguments, int) : 0;
  va_end(arguments);
  const Errno error = check_path(path);
  if (!error.ok()) return report(error);
  if (directory != AT_FDCWD) {
    const fd::Target target = fd::resolve(directory);
    if (target.ours != nullptr && target.libc < 0) return report(ENOTDIR);
    directory = target.libc;
  }
  return WPS_REAL(openat)(directory, path, flags, mode);
}
}
