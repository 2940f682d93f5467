// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Granted directories, and the files that stand for AF_UNIX sockets in them.
#pragma once

#include <stdint.h>

#include "support/result.h"

namespace posix_sockets::unix_paths {

struct FileIdentity {
  uint64_t device = 0;
  uint64_t number = 0;
  bool operator==(const FileIdentity& other) const { return device == other.device && number == other.number; }
};

// Whether the path leads into a directory that the guest was granted.
bool is_granted(const char* path);

// Whether a path that isn't granted leads into a directory that every system has: a program may name its sockets there without
// a file. All other directories aren't there.
bool is_in_usual_directory(const char* path);
// Whether `folder` is above the granted directory that the absolute path leads into; both as wasi-libc compares them, letter by
// letter, so without "." and with single slashes. Natively there are no such directories.
bool is_above_granted(const char* folder, const char* path);

// EADDRINUSE: there is something; else open's errno.
Errno make(const char* path, FileIdentity& file);
void remove(const char* path);
// stat's errno.
Errno identify(const char* path, FileIdentity& file);

}  // namespace posix_sockets::unix_paths
