// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The part of Hold that only programs with handlers of signals need.
#include "description/hold.h"

namespace posix_sockets {

Hold* Hold::interrupted;

// Hears of every reference that is given back.
void Hold::forget(Description& description, int) {
  if (description.references != 0) return;
  for (Hold* hold = interrupted; hold != nullptr; hold = hold->outer_)
    if (hold->ours == &description) hold->ours = nullptr;
}

Hold::Interruption::Interruption() : first_(innermost), end_(interrupted) {
  static DropHook hook = {nullptr, nullptr};
  if (hook.call == nullptr) {
    hook = {forget, drop_hooks};
    drop_hooks = &hook;
  }
  interrupted = first_;
  for (Hold* hold = first_; hold != end_; hold = hold->outer_)
    if (hold->ours != nullptr) hold->ours->give_back();
}

Hold::Interruption::~Interruption() {
  interrupted = end_;
  for (Hold* hold = first_; hold != end_; hold = hold->outer_)
    if (hold->ours != nullptr) ++hold->ours->references;
}

void Hold::let_go_below(const void* frame) {
  while (innermost != nullptr && static_cast<const void*>(innermost) < frame) {
    if (innermost == interrupted) {
      interrupted = innermost = innermost->outer_;
    } else {
      innermost->let_go();
    }
  }
}

}  // namespace posix_sockets
