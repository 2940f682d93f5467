// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The files that stand for AF_UNIX sockets in granted directories.
#pragma once

#include <stdint.h>

#include "support/result.h"

namespace posix_sockets::local_paths {

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

// EADDRINUSE: there is something; else open's errno.
Errno make(const char* path, FileIdentity& file);
void remove(const char* path);
// stat's errno.
Errno identify(const char* path, FileIdentity& file);

}  // namespace posix_sockets::local_paths
