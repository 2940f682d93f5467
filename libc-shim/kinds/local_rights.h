// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SCM_RIGHTS: descriptions on their way in a message. Each keeps one reference.
//
// A socket that was sent over itself, and then closed everywhere, is never freed: there is no collector for that, as the
// kernel has.
#pragma once

#include "kinds/description.h"

namespace posix_sockets {

struct LocalRights {
  static constexpr int most = 253;  // SCM_MAX_FD

  int count;
  Description* descriptions[most];

  // With no descriptions yet; null: no memory.
  static LocalRights* create();
  // The same once more, for a reader that only peeks; null: no memory.
  LocalRights* copy() const;
  // Takes another reference of `description`.
  void add(Description* description);
  void release();
};

}  // namespace posix_sockets
