// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Datagrams that the program's own sockets have sent to a socket of its, and that weren't taken from the host yet. A kernel delivers
// them before the sender's call returns, a host notices some time later: so the receiver knows what there is to wait for.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace posix_sockets {

class ExpectedDatagrams {
 public:
  bool any() const { return count_ != 0; }
  void add() { ++count_; }
  // `number` have come, from wherever. Whether that is news for who waits for edges: in a kernel those that were expected at the last
  // event had arrived with it.
  bool arrived(size_t number) {
    count_ -= number < count_ ? static_cast<uint32_t>(number) : count_;
    if (number <= old_) {
      old_ -= static_cast<uint32_t>(number);
      return false;
    }
    old_ = count_;
    return true;
  }
  // After a wait: some went elsewhere, or got lost.
  void forget_lost() {
    if (old_ > count_) old_ = count_;
  }
  uint32_t& count() { return count_; }

 private:
  uint32_t count_ = 0;
  uint32_t old_ = 0;  // of those, the ones that were expected when an arrival was last counted
};

}  // namespace posix_sockets
