// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a call uses it holds for as long as it runs, so that nobody frees it meanwhile: a non-atomic count, which every call can
// afford.
//
// A signal's handler runs while a call waits. The kernel has left a call by the time that a handler runs: what the handler closes
// is closed at once, and a call that goes on afterwards begins anew. So the calls that a handler interrupts hold nothing while it
// runs; and what goes for good then is gone from their holds.
#pragma once

#include "description/description.h"

namespace posix_sockets {

// On the stack only: who jumps out of a handler leaves holds behind, which are found by their place.
class Hold {
 public:
  explicit Hold(Description* description);  // null holds nothing
  ~Hold() { let_go(); }
  Hold(const Hold&) = delete;
  Hold& operator=(const Hold&) = delete;

  Description* ours;  // null, too, once a handler has closed it: who waited with EINTR or start_again looks

  // While a handler runs.
  class Interruption {
   public:
    Interruption();
    ~Interruption();
    Interruption(const Interruption&) = delete;
    Interruption& operator=(const Interruption&) = delete;

   private:
    Hold* const first_;
    Hold* const end_;
  };
  // longjmp() has left the calls whose frames are below this address.
  static void let_go_below(const void* frame);

 private:
  void let_go();
  static void forget(Description& description, int number);

  Hold* const outer_;

  static Hold* innermost;    // of the calls that are under way
  static Hold* interrupted;  // the innermost of those that a handler has interrupted, which count nothing
};

}  // namespace posix_sockets
