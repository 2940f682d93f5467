// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The paths that a guest finds although its host gives it no such file: devices, and its own descriptors.
#pragma once

#include <sys/stat.h>

namespace posix_sockets {

// What is behind a call on `path` that has just failed with errno. False, and errno is as it was: nothing of ours.
// The number, or -1 and errno: EEXIST, ENOTDIR the flags; ENOENT no such descriptor; ENXIO no terminal, or a socket; EMFILE; ENOMEM.
bool open_device(const char* path, int flags, int& number);
// 0, or -1 and errno ENOENT.
bool stat_device(const char* path, struct stat* status, int& result);
// 0, or -1 and errno EACCES: it can't be executed.
bool access_device(const char* path, int mode, int& result);

}  // namespace posix_sockets
