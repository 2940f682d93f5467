// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "kinds/watcher.h"

#include <string.h>

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

Errno Watcher::stat(struct stat& out) {
  memset(&out, 0, sizeof out);
  out.st_mode = 0600;  // no type of file, as the kernel says of it
  out.st_nlink = 1;
  out.st_blksize = 4096;
  out.st_ino = reinterpret_cast<uintptr_t>(this);
  return success;
}

}  // namespace posix_sockets
