// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "description/hold.h"

namespace posix_sockets {

Hold* Hold::innermost;

Hold::Hold(Description* description) : ours(description), outer_(innermost) {
  if (description != nullptr) ++description->references;
  innermost = this;
}

void Hold::let_go() {
  innermost = outer_;
  if (ours != nullptr) ours->give_back();
}

}  // namespace posix_sockets
