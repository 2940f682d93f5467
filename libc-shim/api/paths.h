// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Paths as libc's functions have them after it has found the granted directory that each is in.
#pragma once

#include <limits.h>

#include "support/pointer.h"

namespace posix_sockets {

// In place of a directory, for a path that was refused: says why.
constexpr int refused_directory(Errno error) { return INT_MIN + error.value(); }

// Where the last path was found to be: the granted directory, libc's number and path of it.
struct Lookup {
  int directory;
  const char* prefix;
};
inline Lookup last_lookup;

// Keeps the path of a directory that was opened. Null, unless the program calls fchdir().
__attribute__((weak)) void note_directory(int descriptor, int directory, const char* relative);

// Whether `path` can be looked up in `directory`. EFAULT, ENAMETOOLONG.
inline Errno check_at(int directory, const char* path) {
  constexpr int largest_error = 4095;
  if (directory <= INT_MIN + largest_error) return directory - INT_MIN;
  return check_path(path);
}

}  // namespace posix_sockets
