// Temporary files: names are drawn from the host's random source and made with O_EXCL.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fail.h"

using posix_sockets::compat::fail;

namespace {

constexpr size_t placeholder = 6;
constexpr int attempts = 100;

// The six X before a suffix of `suffix` characters, or null with errno EINVAL.
char* find_placeholder(char* name, int suffix) {
  const size_t length = strlen(name);
  if (suffix >= 0 && length >= placeholder + static_cast<size_t>(suffix)) {
    char* at = name + length - static_cast<size_t>(suffix) - placeholder;
    if (memcmp(at, "XXXXXX", placeholder) == 0) return at;
  }
  errno = EINVAL;
  return nullptr;
}

bool fill(char* at) {
  static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
  uint8_t random[placeholder];
  if (getentropy(random, sizeof random) < 0) return false;
  for (size_t i = 0; i < placeholder; ++i) at[i] = letters[random[i] & 63];
  return true;
}

}  // namespace

extern "C" {

// EINVAL: no six X before the suffix. EEXIST: every name drawn was taken. Else the errors of open.
int mkostemps(char* name, int suffix, int flags) {
  char* at = find_placeholder(name, suffix);
  if (at == nullptr) return -1;
  for (int i = 0; i < attempts && fill(at); ++i) {
    const int fd = open(name, (flags & ~O_ACCMODE) | O_RDWR | O_CREAT | O_EXCL, 0600);
    if (fd >= 0) return fd;
    if (errno != EEXIST) break;
  }
  memcpy(at, "XXXXXX", placeholder);
  return -1;
}
int mkstemps(char* name, int suffix) { return mkostemps(name, suffix, 0); }
int mkostemp(char* name, int flags) { return mkostemps(name, 0, flags); }
int mkstemp(char* name) { return mkostemps(name, 0, 0); }

// Null, and EINVAL: no six X at the end. EEXIST: every name drawn was taken. Else the errors of mkdir.
char* mkdtemp(char* name) {
  char* at = find_placeholder(name, 0);
  if (at == nullptr) return nullptr;
  for (int i = 0; i < attempts && fill(at); ++i) {
    if (mkdir(name, 0700) == 0) return name;
    if (errno != EEXIST) break;
  }
  memcpy(at, "XXXXXX", placeholder);
  return nullptr;
}

// The name, made empty where it can't be found: EINVAL: no six X at the end. EEXIST: every name drawn was taken.
char* mktemp(char* name) {
  char* at = find_placeholder(name, 0);
  for (int i = 0; at != nullptr && i < attempts && fill(at); ++i) {
    struct stat file;
    if (lstat(name, &file) < 0) {
      if (errno == ENOENT) return name;
      at = nullptr;
    } else {
      errno = EEXIST;
    }
  }
  *name = '\0';
  return name;
}

}  // extern "C"
