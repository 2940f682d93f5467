// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "watch/watcher.h"

namespace posix_sockets {

void Watcher::enlist() {
  next_ = all;
  all = this;
  before_close = tell_all;
}

void Watcher::leave_list() {
  for (Watcher** link = &all; *link != nullptr; link = &(*link)->next_) {
    if (*link == this) {
      *link = next_;
      return;
    }
  }
}

void Watcher::tell_all(Description* description, int number) {
  for (Watcher* watcher = all; watcher != nullptr && description->watchers != 0; watcher = watcher->next_)
    watcher->forget(description, number);
}

Errno Watcher::stat(struct stat& out) { return stat_anonymous(out); }

}  // namespace posix_sockets
