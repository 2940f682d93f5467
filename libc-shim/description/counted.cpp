// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "description/counted.h"

#include "description/description.h"
#include "description/watch.h"

namespace posix_sockets {

void Counted::drop(int number) {
  auto& description = static_cast<Description&>(*this);
  --references;
  for (Watch* watch = watches; watch != nullptr;) {
    Watch* const next = watch->next;
    watch->owner->reference_gone(*watch, number);
    watch = next;
  }
  const bool last = references == 0;
  for (const DropHook* hook = drop_hooks; hook != nullptr; hook = hook->next) hook->call(description, number);
  if (!last) return;  // and a hook may have released it
  release();
}

void Counted::give_back() {
  if (references == 1) return drop();
  --references;
}

}  // namespace posix_sockets
