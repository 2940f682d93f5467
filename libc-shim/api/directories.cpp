// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Directories and the *at functions: the directory's number becomes libc's. What libc's DIR keeps inside stays libc's own
// number, so libc's calls on it pass through untranslated.
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/device_paths.h"
#include "api/entry.h"
#include "api/status.h"
#include "file/file.h"
#include "file/libc.h"

namespace posix_sockets {
namespace {

// Whether the path can be read, which libc looks at before the directory. EFAULT, ENAMETOOLONG.
bool is_readable(const char* path) { return report(check_path(path)) == 0; }

// libc's number of a directory argument; -1 with errno set if it's a socket.
bool to_libc(int& directory) {
  if (directory == AT_FDCWD) return true;
  const fd::Target target = fd::resolve(directory);
  directory = target.libc;
  if (target.ours == nullptr || target.libc >= 0) return true;
  errno = ENOTDIR;
  return false;
}

}  // namespace
}  // namespace posix_sockets

using namespace posix_sockets;

#define WPS_AT_CALL(result, name, parameters, arguments)      \
  result WPS_REAL(name) parameters;                           \
  WPS_TAKE_FROM_LIBC(name)                                    \
  result WPS_ENTRY(name) parameters {                         \
    if (!is_readable(path) || !to_libc(directory)) return -1; \
    return WPS_REAL(name) arguments;                          \
  }
#define WPS_AT_CALL_2(result, name, parameters, arguments)      \
  result WPS_REAL(name) parameters;                             \
  WPS_TAKE_FROM_LIBC(name)                                      \
  result WPS_ENTRY(name) parameters {                           \
    if (!is_readable(path) || !is_readable(path2)) return -1;   \
    if (!to_libc(directory) || !to_libc(directory2)) return -1; \
    return WPS_REAL(name) arguments;                            \
  }

extern "C" {

int WPS_REAL(fstatat)(int directory, const char* path, struct stat* status, int flags);
WPS_TAKE_FROM_LIBC(fstatat)
int WPS_ENTRY(fstatat)(int directory, const char* path, struct stat* status, int flags) {
  if (!is_readable(path) || !to_libc(directory)) return -1;
  int result = WPS_REAL(fstatat)(directory, path, status, flags);
  if (result == 0) {
    complete_status(*status);
  } else {
    (void)stat_device(path, status, result);
  }
  return result;
}
int WPS_REAL(faccessat)(int directory, const char* path, int mode, int flags);
WPS_TAKE_FROM_LIBC(faccessat)
int WPS_ENTRY(faccessat)(int directory, const char* path, int mode, int flags) {
  if (!is_readable(path) || !to_libc(directory)) return -1;
  int result = WPS_REAL(faccessat)(directory, path, mode, flags);
  if (result != 0) (void)access_device(path, mode, result);
  return result;
}
WPS_AT_CALL(int, mkdirat, (int directory, const char* path, mode_t mode), (directory, path, mode))
WPS_AT_CALL(int, unlinkat, (int directory, const char* path, int flags), (directory, path, flags))
WPS_AT_CALL(ssize_t, readlinkat, (int directory, const char* path, char* buffer, size_t size),
            (directory, path, buffer, size))
WPS_AT_CALL(int, utimensat, (int directory, const char* path, const timespec* times, int flags),
            (directory, path, times, flags))
WPS_AT_CALL(int, symlinkat, (const char* target, int directory, const char* path), (target, directory, path))
WPS_AT_CALL_2(int, renameat, (int directory, const char* path, int directory2, const char* path2),
              (directory, path, directory2, path2))
WPS_AT_CALL_2(int, linkat, (int directory, const char* path, int directory2, const char* path2, int flags),
              (directory, path, directory2, path2, flags))

DIR* WPS_REAL(opendir)(const char*);
WPS_TAKE_FROM_LIBC(opendir)
DIR* WPS_REAL(fdopendir)(int);
WPS_TAKE_FROM_LIBC(fdopendir)
dirent* WPS_REAL(readdir)(DIR*);
WPS_TAKE_FROM_LIBC(readdir)
int WPS_REAL(closedir)(DIR*);
WPS_TAKE_FROM_LIBC(closedir)
int WPS_REAL(dirfd)(DIR*);
WPS_TAKE_FROM_LIBC(dirfd)

// opendir(3p). The directory takes a descriptor number like any file.
DIR* WPS_ENTRY(opendir)(const char* path) {
  InsideLibc inside;
  DIR* directory = WPS_REAL(opendir)(path);
  if (directory == nullptr) return nullptr;
  Result<int> number = fd::adopt(dirfd(directory));
  if (number.ok()) return directory;
  closedir(directory);
  errno = number.error().value();
  return nullptr;
}

// Numbers that dup has made share one of libc's, which closedir closes: such a directory gets another one for itself.
static Errno unshare(int number) {
  Description* shared = InsideLibc::active() ? nullptr : fd::find(number);
  if (shared == nullptr || !shared->is_plain_file() || shared->references == 1) return success;
  int own;
  {
    InsideLibc inside;
    own = openat(libc_descriptor_of(*shared), ".", O_RDONLY | O_DIRECTORY);
  }
  if (own < 0) return errno;
  Result<int> adopted = fd::adopt(own);
  if (!adopted.ok()) {
    libc::close(own);
    return adopted.error();
  }
  const Result<int> moved = fd::duplicate_to(adopted.value(), number, false);
  (void)fd::close(adopted.value());
  return moved.error();
}

// fdopendir(3p). Errors: EBADF, ENOTDIR; EMFILE, for a directory that has several numbers.
DIR* WPS_ENTRY(fdopendir)(int number) {
  const Errno error = unshare(number);
  if (!error.ok()) {
    errno = error.value();
    return nullptr;
  }
  if (!to_libc(number)) return nullptr;
  InsideLibc inside;
  return WPS_REAL(fdopendir)(number);
}

dirent* WPS_ENTRY(readdir)(DIR* directory) {
  InsideLibc inside;
  return WPS_REAL(readdir)(directory);
}

int WPS_ENTRY(closedir)(DIR* directory) {
  const bool ours = !InsideLibc::active();
  InsideLibc inside;
  if (ours) fd::forget_libc(dirfd(directory));
  return WPS_REAL(closedir)(directory);
}

int WPS_ENTRY(dirfd)(DIR* directory) {
  const int number = WPS_REAL(dirfd)(directory);
  return InsideLibc::active() ? number : fd::number_of_libc(number);
}
}
