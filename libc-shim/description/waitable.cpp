// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "description/waitable.h"

#include "description/watch.h"

namespace posix_sockets {

void Waitable::tell_watches() {
  for (Watch* watch = watches; watch != nullptr; watch = watch->next) watch->owner->changed(*watch);
}

}  // namespace posix_sockets
