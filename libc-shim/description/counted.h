// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What every description has: who refers to it, its status flags, what it is.
#pragma once

#include <stdint.h>
#include <sys/stat.h>

#include "description/kind.h"
#include "support/result.h"

namespace posix_sockets {

struct Watch;

class Counted {
 public:
  int references = 1;        // of descriptors, messages on their way, and calls that are under way
  int status_flags = 0;      // O_NONBLOCK and the access mode, as fcntl(F_GETFL) shows them
  Watch* watches = nullptr;  // interests of epoll sets and event queues in it

  Kind kind() const { return kind_; }
  bool is(Kinds kinds) const { return kinds.have(kind_); }

  // Frees the description; called when nothing refers to it any more. Not pure, as that takes a function of C++'s runtime.
  virtual void release() {}
  // Gives one reference back: that of descriptor `number`, if it was one's.
  void drop(int number = -1);
  // The same of a call's reference, which nobody hears of unless it's the last one.
  void give_back();

  virtual Errno stat(struct stat&) { return EBADF; }

 protected:
  explicit Counted(Kind kind) : kind_(kind) {}
  ~Counted() = default;  // by release() only

  // stat() of what is_anonymous().
  Errno stat_anonymous(struct stat& out) const;

 private:
  Kind kind_;

 public:
  // F_SETOWN and F_SETSIG, which are kept: 1 this process, -1 its group, 0 nobody.
  int8_t owner : 2 = 0;
  uint8_t owner_signal : 7 = 0;
  bool is_libcs : 1 = false;  // libc has a number for it
};

}  // namespace posix_sockets
