// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Who watches a description: an interest of an epoll set or an event queue in it, as far as the description has to know.
#pragma once

namespace posix_sockets {

class Description;
struct Watch;

// No function is pure, as that takes one of C++'s runtime.
class WatchOwner {
 public:
  // What can be done with the description of the watch may have changed: a call of the program on it, or an edge.
  virtual void changed(Watch&) {}
  // A reference to it was given back: that of descriptor `number`, or -1. The description goes if it was the last one, and then the
  // watch must be gone. Nothing else may happen to the list of watches.
  virtual void reference_gone(Watch&, int number) { (void)number; }

 protected:
  ~WatchOwner() = default;
};

// In the list of its description.
struct Watch {
  WatchOwner* owner = nullptr;
  Description* description = nullptr;
  Watch* next = nullptr;
};

}  // namespace posix_sockets
