// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SCM_RIGHTS: descriptions on their way in a message. Each keeps one reference.
//
// Sockets that were sent over themselves, or over each other, and then closed everywhere, hold each other: garbage.cpp frees them, as
// the kernel's collector does.
#pragma once

#include "description/description.h"

namespace posix_sockets {

struct UnixRights {
  static constexpr int most = 253;  // SCM_MAX_FD

  // Counts the sockets among the descriptions, once there are rights at all.
  static inline void (*counts_in_flight)(Description& description, int change);

  UnixRights* next;  // to be freed
  int count;
  Description* descriptions[most];

  // With no descriptions yet; null: no memory.
  static UnixRights* create();
  // The same once more, for a reader that only peeks; null: no memory.
  UnixRights* copy() const;
  // Takes another reference of `description`.
  void add(Description* description);
  void release();
};

}  // namespace posix_sockets
