// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Locks on files, between the open file descriptions of the one process that there is. Other processes of the host don't see
// them: WASI has none.
//
// Two spaces, which don't know of each other, as in the kernel: ranges (fcntl and lockf), held by the process or by a
// description, and whole files (flock), held by a description.
#pragma once

#include <stdint.h>

#include "description/description.h"
#include "support/result.h"

namespace posix_sockets {

struct FileLock {
  enum class Space : uint8_t { ranges, whole };
  enum class Type : uint8_t { none, shared, exclusive };

  FileLock* next = nullptr;
  uint64_t device = 0;  // of the file
  uint64_t number = 0;
  const Description* owner = nullptr;  // null: the process
  int64_t start = 0;
  int64_t end = INT64_MAX;  // the last byte
  Space space = Space::ranges;
  Type type = Type::none;

  // Says which file a description stands for.
  Errno identify(Description& description);
  // A lock that stands against this one; null: none. Of what is to be unlocked: one that this would take away.
  const FileLock* conflict() const;
  // Puts this in place of what the owner has there. ENOLCK: no memory.
  Errno set() const;
};

}  // namespace posix_sockets
