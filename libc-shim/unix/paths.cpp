// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "unix/paths.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#if defined(__wasi__)
#include <wasi/libc-find-relpath.h>
#endif

#include "file/libc.h"

namespace posix_sockets::unix_paths {
namespace {

FileIdentity identity_of(const struct stat& status) {
  return {static_cast<uint64_t>(status.st_dev), static_cast<uint64_t>(status.st_ino)};
}

}  // namespace

bool is_granted(const char* path) {
#if defined(__wasi__)
  char space[PATH_MAX];
  char* relative = space;
  const char* prefix;
  const int saved = errno;
  const bool found = __wasilibc_find_relpath(path, &prefix, &relative, sizeof space) >= 0 || errno != ENOENT;
  errno = saved;
  return found;
#else
  (void)path;
  return true;
#endif
}

bool is_in_usual_directory(const char* path) {
  constexpr const char* usual[] = {"", "/tmp", "/var/tmp", "/run", "/var/run", "/dev/shm"};
  const char* last = strrchr(path, '/');
  if (last == nullptr) return true;  // in the working directory
  const auto length = static_cast<size_t>(last - path);
  for (const char* directory : usual)
    if (strlen(directory) == length && memcmp(directory, path, length) == 0) return true;
  return false;
}

bool is_above_granted(const char* folder, const char* path) {
#if defined(__wasi__)
  char space[PATH_MAX];
  char* relative = space;
  const char* prefix;
  const int saved = errno;
  const bool found = __wasilibc_find_relpath(path, &prefix, &relative, sizeof space) >= 0;
  errno = saved;
  if (!found) return false;
  while (*prefix == '/') ++prefix;
  while (*folder == '/') ++folder;
  const size_t length = strlen(folder);
  return strncmp(prefix, folder, length) == 0 && prefix[length] == '/';
#else
  (void)folder, (void)path;
  return false;
#endif
}

Errno make(const char* path, FileIdentity& file) {
  InsideLibc inside;
  const int opened = ::open(path, O_WRONLY | O_CREAT | O_EXCL, 0777);
  if (opened < 0) return errno == EEXIST ? EADDRINUSE : errno;
  struct stat status;
  const Errno error = ::fstat(opened, &status) == 0 ? success : Errno(errno);
  ::close(opened);
  if (error.ok()) file = identity_of(status);
  return error;
}

void remove(const char* path) {
  InsideLibc inside;
  ::unlink(path);
}

Errno identify(const char* path, FileIdentity& file) {
  InsideLibc inside;
  struct stat status;
  if (::stat(path, &status) != 0) return errno;
  file = identity_of(status);
  return success;
}

}  // namespace posix_sockets::unix_paths
