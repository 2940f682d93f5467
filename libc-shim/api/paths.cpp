// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What libc's functions with a path come down to: one finds the granted directory that a path is in, the others do the work
// there. A path that can't be read must not get to either: libc would read it, and the guest would trap.
//
// libc makes ENOENT of every path without a directory. So a refused path gets a directory that says why instead, and whoever
// is to work there fails with that.
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>
#include <utime.h>
#if defined(__wasi__)
#include <wasi/libc-find-relpath.h>
#include <wasi/libc-nocwd.h>
#endif

#include "api/entry.h"
#include "api/paths.h"
#include "file/libc.h"

using namespace posix_sockets;

namespace {

int directory_of_refused(Errno error, char** relative) {
  static char nothing[1];
  *relative = nothing;
  return refused_directory(error);
}

Errno check_both(int directory, const char* path, int directory2, const char* path2) {
  const Errno error = check_at(directory, path);
  return error.ok() ? check_at(directory2, path2) : error;
}

Errno check_times(int directory, const char* path, const timespec* times) {
  if (times != nullptr && !accessible(times, 2 * sizeof *times)) return EFAULT;
  return check_at(directory, path);
}

}  // namespace

extern "C" {

// Null, and so is the symbol, unless the program has a working directory.
__attribute__((weak)) int WPS_REAL(__wasilibc_find_relpath_alloc)(const char*, const char**, char**, size_t*, int);

// What every search for the directory of a path comes to, as it is always there now.
int WPS_ENTRY(__wasilibc_find_relpath_alloc)(const char* path, const char** prefix, char** relative, size_t* size,
                                             int may_grow) {
  const Errno error = check_path(path);
  if (!error.ok()) return directory_of_refused(error, relative);
  const int directory = WPS_REAL(__wasilibc_find_relpath_alloc) == nullptr
                            ? __wasilibc_find_abspath(path, prefix, const_cast<const char**>(relative))
                            : WPS_REAL(__wasilibc_find_relpath_alloc)(path, prefix, relative, size, may_grow);
  if (directory >= 0) last_lookup = {directory, *prefix};
  return directory;
}

#define WPS_CHECKED(result, name, check, parameters, arguments) \
  result WPS_REAL(name) parameters;                             \
  WPS_TAKE_FROM_LIBC(name)                                      \
  result WPS_ENTRY(name) parameters {                           \
    const Errno error = check;                                  \
    if (!error.ok()) return report(error);                      \
    return WPS_REAL(name) arguments;                            \
  }

WPS_CHECKED(int, __wasilibc_nocwd___wasilibc_unlinkat, check_at(directory, path), (int directory, const char* path),
            (directory, path))
int WPS_REAL(__wasilibc_nocwd___wasilibc_rmdirat)(int, const char*);
WPS_TAKE_FROM_LIBC(__wasilibc_nocwd___wasilibc_rmdirat)

// Hosts refuse the name of a directory with slashes behind it.
int WPS_ENTRY(__wasilibc_nocwd___wasilibc_rmdirat)(int directory, const char* path) {
  const Errno error = check_at(directory, path);
  if (!error.ok()) return report(error);
  size_t length = strlen(path);
  if (path[length - 1] != '/') return WPS_REAL(__wasilibc_nocwd___wasilibc_rmdirat)(directory, path);
  while (length > 1 && path[length - 1] == '/') --length;
  char name[PATH_MAX];
  memcpy(name, path, length);
  name[length] = '\0';
  return WPS_REAL(__wasilibc_nocwd___wasilibc_rmdirat)(directory, name);
}

WPS_CHECKED(int, __wasilibc_nocwd_mkdirat_nomode, check_at(directory, path), (int directory, const char* path),
            (directory, path))
WPS_CHECKED(int, __wasilibc_nocwd_faccessat, check_at(directory, path),
            (int directory, const char* path, int mode, int flags), (directory, path, mode, flags))
WPS_CHECKED(int, __wasilibc_nocwd_linkat, check_both(directory, path, directory2, path2),
            (int directory, const char* path, int directory2, const char* path2, int flags),
            (directory, path, directory2, path2, flags))
WPS_CHECKED(int, __wasilibc_nocwd_renameat, check_both(directory, path, directory2, path2),
            (int directory, const char* path, int directory2, const char* path2), (directory, path, directory2, path2))
WPS_CHECKED(int, __wasilibc_nocwd_symlinkat, check_both(0, target, directory, path),
            (const char* target, int directory, const char* path), (target, directory, path))
WPS_CHECKED(int, __wasilibc_nocwd_utimensat, check_times(directory, path, times),
            (int directory, const char* path, const timespec* times, int flags), (directory, path, times, flags))

int WPS_REAL(__wasilibc_nocwd_fstatat)(int, const char*, struct stat*, int);
WPS_TAKE_FROM_LIBC(__wasilibc_nocwd_fstatat)

#if defined(__wasip2__)
// wasip2's libc asks for the number of a link where it is to follow it; an open file's is the right one.
static void number_behind_link(int directory, const char* path, struct stat& status) {
  if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) return;
  const int saved = errno;
  InsideLibc inside;
  const int opened = __wasilibc_nocwd_openat_nomode(directory, path, O_RDONLY);
  struct stat of_open;
  if (opened >= 0 && fstat(opened, &of_open) == 0) status.st_ino = of_open.st_ino;
  if (opened >= 0) libc::close(opened);
  errno = saved;
}

static int stat_at(int directory, const char* path, struct stat& status, int flags) {
  const int result = WPS_REAL(__wasilibc_nocwd_fstatat)(directory, path, &status, flags | AT_SYMLINK_NOFOLLOW);
  if (result != 0 || !S_ISLNK(status.st_mode) || (flags & AT_SYMLINK_NOFOLLOW) != 0) return result;
  if (WPS_REAL(__wasilibc_nocwd_fstatat)(directory, path, &status, flags) != 0) return -1;
  number_behind_link(directory, path, status);
  return 0;
}
#else
static int stat_at(int directory, const char* path, struct stat& status, int flags) {
  return WPS_REAL(__wasilibc_nocwd_fstatat)(directory, path, &status, flags);
}
#endif

// The path counts first: a file that isn't there is ENOENT, wherever its status or its target was to go.
ssize_t WPS_REAL(__wasilibc_nocwd_readlinkat)(int, const char*, char*, size_t);
WPS_TAKE_FROM_LIBC(__wasilibc_nocwd_readlinkat)
ssize_t WPS_ENTRY(__wasilibc_nocwd_readlinkat)(int directory, const char* path, char* buffer, size_t size) {
  if (static_cast<ssize_t>(size) <= 0) return report(EINVAL);
  const Errno error = check_at(directory, path);
  if (!error.ok()) return report(error);
  if (accessible(buffer, size)) return WPS_REAL(__wasilibc_nocwd_readlinkat)(directory, path, buffer, size);
  char unwanted;
  const ssize_t result = WPS_REAL(__wasilibc_nocwd_readlinkat)(directory, path, &unwanted, 1);
  return result >= 0 ? report(EFAULT) : result;
}

int WPS_ENTRY(__wasilibc_nocwd_fstatat)(int directory, const char* path, struct stat* status, int flags) {
  const Errno error = check_at(directory, path);
  if (!error.ok()) return report(error);
  if (accessible(status)) return stat_at(directory, path, *status, flags);
  struct stat unwanted;
  const int result = stat_at(directory, path, unwanted, flags);
  return result == 0 ? report(EFAULT) : result;
}

struct __dirstream;
__dirstream* WPS_REAL(__wasilibc_nocwd_opendirat)(int, const char*);
WPS_TAKE_FROM_LIBC(__wasilibc_nocwd_opendirat)
__dirstream* WPS_ENTRY(__wasilibc_nocwd_opendirat)(int directory, const char* path) {
  const Errno error = check_at(directory, path);
  if (error.ok()) return WPS_REAL(__wasilibc_nocwd_opendirat)(directory, path);
  errno = error.value();
  return nullptr;
}

using Entries = struct dirent***;
using Chooses = int (*)(const struct dirent*);
using Compares = int (*)(const struct dirent**, const struct dirent**);
WPS_CHECKED(int, __wasilibc_nocwd_scandirat, check_at(directory, path),
            (int directory, const char* path, Entries entries, Chooses chooses, Compares compares),
            (directory, path, entries, chooses, compares))

// utimes(2) and utime(2), whose times libc looks at itself. Errors: EFAULT, and those of utimensat(2).
WPS_CHECKED(int, utimes, times == nullptr || accessible(times, 2 * sizeof *times) ? success : Errno(EFAULT),
            (const char* path, const timeval* times), (path, times))
WPS_CHECKED(int, utime, times == nullptr || accessible(times) ? success : Errno(EFAULT),
            (const char* path, const utimbuf* times), (path, times))
}
